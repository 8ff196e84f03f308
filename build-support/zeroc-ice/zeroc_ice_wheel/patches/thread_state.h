/* Ice asks the thread state for its current frame, a field that is private since Python 3.11.
   This header is included before each of Ice's sources and answers with the public call. */
#if defined(__cplusplus)
#include <Python.h>
#if PY_VERSION_HEX >= 0x030B0000
struct CurrentFrame { PyFrameObject* frame; };
static inline CurrentFrame* currentFrame()
{
    static thread_local CurrentFrame current;
    current.frame = PyEval_GetFrame();
    return &current;
}
#undef PyThreadState_GET
#define PyThreadState_GET() currentFrame()
#endif
#endif
