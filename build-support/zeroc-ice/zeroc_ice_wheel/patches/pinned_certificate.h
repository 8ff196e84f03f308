/* OmeroDesk.PinnedCertificates lists SHA-256 fingerprints of certificates (AB:CD:...). Where it is set, every outgoing
   TLS handshake fails unless the peer shows one of them, before any request is sent; a peer without a certificate (an
   anonymous cipher) fails too. */
#ifndef OMERO_DESK_PINNED_CERTIFICATE_H
#define OMERO_DESK_PINNED_CERTIFICATE_H

#include <Ice/Base64.h>
#include <Ice/LocalException.h>
#include <Ice/Properties.h>
#include <IceSSL/Plugin.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#if defined(ICE_USE_OPENSSL)
#  include <openssl/sha.h>
#  define OMERO_DESK_SHA256 SHA256
#elif defined(__APPLE__)
#  include <CommonCrypto/CommonDigest.h>
#  define OMERO_DESK_SHA256 CC_SHA256
#else
#  error "OMERO Desk's Ice has no SHA-256 for this system"
#endif

namespace OmeroDesk
{

/* The SHA-256 of a certificate in PEM, written as AB:CD:... */
inline std::string fingerprint(const std::string& pem)
{
    std::istringstream lines(pem);
    std::string line, base64;
    while(std::getline(lines, line))
    {
        if(line.compare(0, 5, "-----") != 0)
        {
            base64 += line;
        }
    }

    const std::vector<unsigned char> der = IceInternal::Base64::decode(base64);
    unsigned char digest[32];
    OMERO_DESK_SHA256(der.data(), der.size(), digest);

    static const char digits[] = "0123456789ABCDEF";
    std::string text;
    for(int i = 0; i < 32; ++i)
    {
        text += i ? ":" : "";
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text;
}

inline void checkPinnedCertificate(const Ice::PropertiesPtr& properties, const IceSSL::NativeConnectionInfoPtr& info)
{
    const Ice::StringSeq pins = properties->getPropertyAsList("OmeroDesk.PinnedCertificates");
    if(info->incoming || pins.empty())
    {
        return;
    }

    const std::string shown = info->certs.empty() ? "none" : fingerprint(info->certs[0]);
    if(info->certs.empty() || std::find(pins.begin(), pins.end(), shown) == pins.end())
    {
        Ice::SecurityException error(__FILE__, __LINE__);
        error.reason = "OmeroDesk.PinnedCertificates: " + shown + " instead of " + pins[0];
        throw error;
    }
}

}

#endif
