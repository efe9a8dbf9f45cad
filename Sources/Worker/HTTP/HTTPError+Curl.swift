import CCurl

extension HTTPError {
    /// - Parameter wasSent: whether a connection was there, so that the request went out at least in part.
    init(_ result: CURLcode, detail: String, wasSent: Bool) {
        self.init(
            code: Self.code(of: result, wasSent: wasSent),
            detail: detail.isEmpty ? String(cString: curl_easy_strerror(result)) : detail,
            curlCode: Int(result.rawValue))
    }

    private static func code(of result: CURLcode, wasSent: Bool) -> Code {
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_PROXY:
            .connectionFailed
        case CURLE_OPERATION_TIMEDOUT:
            wasSent ? .timedOut : .connectionFailed
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_PEER_FAILED_VERIFICATION, CURLE_USE_SSL_FAILED, CURLE_SSL_ENGINE_INITFAILED,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT:
            .tlsFailed
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2,
            CURLE_HTTP2_STREAM:
            // A TLS peer that goes away in the handshake looks the same to libcurl; nothing was sent then.
            wasSent ? .connectionClosed : .connectionFailed
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            .malformedReply
        case CURLE_UNSUPPORTED_PROTOCOL:
            // Also what libcurl says of bytes that are not HTTP/1 ("Received HTTP/0.9 when not allowed").
            wasSent ? .malformedReply : .invalidURL
        case CURLE_URL_MALFORMAT:
            .invalidURL
        case CURLE_FILESIZE_EXCEEDED:
            .bodyTooLarge
        default:
            .other
        }
    }
}
