/* Adds up the layers of a picture: the formulas of composite.py and quantum.py, which numpy takes ten times as long for.

   What is given is checked before other threads may run, and no Python object is touched meanwhile. */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define BAND 512 /* pixels that are drawn at a time: they stay in the nearest cache */

#if defined(__GNUC__) && !defined(__clang__)
#define UNROLLED _Pragma("GCC unroll 8")
#else
#define UNROLLED
#endif

#ifdef _MSC_VER /* which knows the keyword of C99 in a mode of its own alone */
#define RESTRICT __restrict
#else
#define RESTRICT restrict
#endif

typedef struct {
    Py_buffer plane, table; /* obj is NULL for what is not there */
    double start, end, step;
    Py_ssize_t last; /* the place in the table of what is above the window */
} Layer;

typedef struct {
    Py_buffer total;
    Layer *layers;
    Py_ssize_t count;
} Drawing;

/* Get an array whose rows have no gaps. Return 0 with an error set. */
static int take(PyObject *object, Py_buffer *buffer, int dimensions, int flags) {
    if (PyObject_GetBuffer(object, buffer, PyBUF_STRIDES | PyBUF_FORMAT | flags) < 0) {
        buffer->obj = NULL;
        return 0;
    }
    int along = dimensions - 1;
    if (buffer->ndim == dimensions && (buffer->shape[along] < 2 || buffer->strides[along] == buffer->itemsize)) {
        return 1;
    }
    PyErr_SetString(PyExc_ValueError, "an array has other dimensions, or gaps in its rows");
    return 0;
}

static int is_of(const Py_buffer *buffer, const char *formats, Py_ssize_t itemsize) {
    const char *format = buffer->format;
    return format != NULL && format[0] && !format[1] && strchr(formats, format[0]) && buffer->itemsize == itemsize;
}

/* Return how many colours the table needs for the values of a plane; 0 for values of no known type.

   A window that ends before it starts, or where nobody knows (NaN), has places below 0; at its start there is place 1. */
static Py_ssize_t needed(const Layer *layer) {
    if (is_of(&layer->plane, "B", 1)) {
        return 256;
    }
    if (is_of(&layer->plane, "H", 2)) {
        return 65536;
    }
    int has_steps = is_of(&layer->plane, "ilILf", 4) || is_of(&layer->plane, "d", 8);
    int is_sound = layer->start <= layer->end && layer->last >= 1 && layer->last <= INT32_MAX / 2;
    return has_steps && is_sound ? layer->last + 1 : 0;
}

/* Get the arrays of a layer, and check that no place outside of them will be read. Return 0 with an error set. */
static int take_layer(PyObject *given, Layer *layer, const Py_buffer *total) {
    PyObject *plane, *table;
    if (!PyTuple_Check(given)) {
        PyErr_SetString(PyExc_ValueError, "a layer is no tuple");
        return 0;
    }
    if (!PyArg_ParseTuple(given, "OOdddn", &plane, &table, &layer->start, &layer->end, &layer->step, &layer->last)
        || !take(plane, &layer->plane, 2, 0) || !take(table, &layer->table, 1, 0)) {
        return 0;
    }
    int fits = layer->plane.shape[0] == total->shape[0] && layer->plane.shape[1] == total->shape[1];
    Py_ssize_t count = needed(layer);
    if (fits && count > 0 && is_of(&layer->table, "IL", 4) && layer->table.shape[0] >= count) {
        return 1;
    }
    PyErr_SetString(PyExc_ValueError, "a layer does not fit its picture");
    return 0;
}

/* Look the colours of bytes or words up: their bits are their places in the table. */
#define LOOK_UP(name, type)                                                                             \
    static void name(uint32_t *colors, const Layer *layer, const type *values, Py_ssize_t count) {      \
        const uint32_t *table = layer->table.buf;                                                       \
        UNROLLED                                                                                        \
        for (Py_ssize_t n = 0; n < count; n++) {                                                        \
            colors[n] = table[values[n]];                                                               \
        }                                                                                               \
    }

/* Look the colours of other values up, by BrightnessCurve.index: in double precision, NaN as dark as the start. */
#define LOOK_UP_STEPS(name, type)                                                                       \
    static void name(uint32_t *colors, const Layer *layer, const type *values, Py_ssize_t count) {      \
        const uint32_t *table = layer->table.buf;                                                       \
        const double start = layer->start, end = layer->end;                                            \
        const double step = layer->step > 0 ? layer->step : HUGE_VAL;                                   \
        const int32_t last = (int32_t)layer->last, first = layer->step > 0 ? 2 : 0;                     \
        int32_t places[BAND];                                                                           \
        for (Py_ssize_t n = 0; n < count; n++) {                                                        \
            double exact = (double)values[n];                                                           \
            double inside = exact > start ? exact : start;                                              \
            inside = inside < end ? inside : end;                                                       \
            double steps = (inside - start) / step;                                                     \
            int32_t place = (int32_t)(steps < last ? steps : last) + first;                             \
            place = place < last ? place : last;                                                        \
            place = exact == start ? 1 : place;                                                         \
            place = exact < start ? 0 : place;                                                          \
            places[n] = exact > end ? last : place;                                                     \
        }                                                                                               \
        UNROLLED                                                                                        \
        for (Py_ssize_t n = 0; n < count; n++) {                                                        \
            colors[n] = table[places[n]];                                                               \
        }                                                                                               \
    }

LOOK_UP(look_up_bytes, uint8_t)
LOOK_UP(look_up_words, uint16_t)
LOOK_UP_STEPS(look_up_signed, int32_t)
LOOK_UP_STEPS(look_up_unsigned, uint32_t)
LOOK_UP_STEPS(look_up_floats, float)
LOOK_UP_STEPS(look_up_doubles, double)

static void look_up(uint32_t *colors, const Layer *layer, const char *values, Py_ssize_t count) {
    switch (layer->plane.format[0]) {
        case 'B': look_up_bytes(colors, layer, (const uint8_t *)values, count); break;
        case 'H': look_up_words(colors, layer, (const uint16_t *)values, count); break;
        case 'i': case 'l': look_up_signed(colors, layer, (const int32_t *)values, count); break;
        case 'I': case 'L': look_up_unsigned(colors, layer, (const uint32_t *)values, count); break;
        case 'f': look_up_floats(colors, layer, (const float *)values, count); break;
        default: look_up_doubles(colors, layer, (const double *)values, count); break;
    }
}

/* Add each of `count` bytes, no further than to 255. */
static void add(uint8_t *RESTRICT sums, const uint8_t *RESTRICT more, Py_ssize_t count) {
    for (Py_ssize_t n = 0; n < count; n++) {
        uint8_t room = (uint8_t)~sums[n];
        sums[n] = (uint8_t)(sums[n] + (more[n] < room ? more[n] : room));
    }
}

static void draw_band(const Drawing *drawing, Py_ssize_t row, Py_ssize_t x, Py_ssize_t count) {
    uint32_t *sums = (uint32_t *)((char *)drawing->total.buf + row * drawing->total.strides[0]) + x;
    uint32_t colors[BAND], black = 0;
    for (Py_ssize_t number = 0; number < drawing->count; number++) {
        const Layer *layer = &drawing->layers[number];
        const char *values = (const char *)layer->plane.buf + row * layer->plane.strides[0] + x * layer->plane.itemsize;
        look_up(number == 0 ? sums : colors, layer, values, count);
        if (number > 0) {
            add((uint8_t *)sums, (const uint8_t *)colors, 4 * count);
        }
    }
    ((uint8_t *)&black)[3] = 255;
    for (Py_ssize_t n = 0; n < count && drawing->count == 0; n++) {
        sums[n] = black;
    }
}

static void draw(const Drawing *drawing) {
    Py_ssize_t height = drawing->total.shape[0], width = drawing->total.shape[1];
    for (Py_ssize_t row = 0; row < height; row++) {
        for (Py_ssize_t x = 0; x < width; x += BAND) {
            draw_band(drawing, row, x, width - x < BAND ? width - x : BAND);
        }
    }
}

static void release(Drawing *drawing) {
    for (Py_ssize_t n = 0; n < drawing->count; n++) {
        PyBuffer_Release(&drawing->layers[n].plane);
        PyBuffer_Release(&drawing->layers[n].table);
    }
    PyBuffer_Release(&drawing->total);
    PyMem_Free(drawing->layers);
}

/* Get all arrays. Return 0 with an error set. */
static int take_all(Drawing *drawing, PyObject *into, PyObject *given) {
    Py_ssize_t count = PyTuple_Size(given);
    drawing->layers = PyMem_Calloc((size_t)count + 1, sizeof(Layer));
    if (drawing->layers == NULL) {
        PyErr_NoMemory();
        return 0;
    }
    if (!take(into, &drawing->total, 2, PyBUF_WRITABLE)) {
        return 0;
    }
    if (!is_of(&drawing->total, "IL", 4)) {
        PyErr_SetString(PyExc_ValueError, "a picture has 32 bits a pixel");
        return 0;
    }
    for (; drawing->count < count; drawing->count++) {
        Layer *layer = &drawing->layers[drawing->count];
        if (!take_layer(PyTuple_GetItem(given, drawing->count), layer, &drawing->total)) {
            drawing->count++;
            return 0;
        }
    }
    return 1;
}

static PyObject *blend(PyObject *Py_UNUSED(module), PyObject *arguments) {
    PyObject *into, *given;
    if (!PyArg_ParseTuple(arguments, "OO!", &into, &PyTuple_Type, &given)) {
        return NULL;
    }
    Drawing drawing = {0};
    int is_sound = take_all(&drawing, into, given);
    if (is_sound) {
        Py_BEGIN_ALLOW_THREADS
        draw(&drawing);
        Py_END_ALLOW_THREADS
    }
    release(&drawing);
    return is_sound ? Py_NewRef(Py_None) : NULL;
}

static PyMethodDef methods[] = {
    {"blend", blend, METH_VARARGS, "Draw layers into a picture."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT, .m_name = "_blending", .m_size = 0, .m_methods = methods,
};

PyMODINIT_FUNC PyInit__blending(void) {
    return PyModule_Create(&definition);
}
