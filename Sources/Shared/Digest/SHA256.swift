import COpenSSL

/// A SHA-256 digest (FIPS 180-4), by OpenSSL.
package struct SHA256: Sendable, Hashable {
    /// 32 bytes.
    package let bytes: [UInt8]

    package init(of content: some Sequence<UInt8>) {
        var stream = SHA256Stream()
        stream.update(Array(content))
        self = stream.finish()
    }

    fileprivate init(bytes: [UInt8]) { self.bytes = bytes }

    /// 64 lower-case hex digits.
    package var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// A SHA-256 digest of what comes in pieces.
package struct SHA256Stream: ~Copyable {
    private let context: OpaquePointer

    package init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("OpenSSL has no SHA-256")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    package mutating func update(_ piece: [UInt8]) {
        _ = piece.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    }

    package consuming func finish() -> SHA256 {
        var bytes = [UInt8](repeating: 0, count: 32)
        _ = EVP_DigestFinal_ex(context, &bytes, nil)
        return SHA256(bytes: bytes)
    }
}
