import CCurl
import Glibc

/// The header lines of requests to one endpoint, made once and shared by all of them.
///
/// `Expect` and `Content-Length` are the client's business; a `User-Agent` given here replaces the client's.
package final class HTTPHeaders: @unchecked Sendable {
    // SAFETY: the list is made in `init` and only read afterwards, by libcurl too; it is freed with the last
    // reference, and every transfer that uses it holds one.
    let list: UnsafeMutablePointer<curl_slist>?

    /// - Parameter fields: names and values; an empty value is sent as such.
    /// - Throws: `.invalidHeader` for a name that is not an HTTP token or a value with a line break or NUL: such a
    ///   value, say a key read with its newline, would end the header and begin another.
    package init(_ fields: [(name: String, value: String)]) throws(HTTPError) {
        // Else libcurl waits up to a second for a "100 Continue" before it sends a body of more than 1 MiB.
        var list = Self.append("Expect:", to: nil)
        for (name, value) in fields {
            guard Self.isToken(name), value.utf8.allSatisfy({ $0 != 0 && $0 != 10 && $0 != 13 }) else {
                curl_slist_free_all(list)
                throw HTTPError(code: .invalidHeader, detail: "header \(Self.printable(name)) cannot be sent")
            }
            // libcurl's way of saying "empty": "Name:" alone would remove the header.
            let isEmpty = value.utf8.allSatisfy { $0 == 32 || $0 == 9 }
            list = Self.append(isEmpty ? "\(name);" : "\(name): \(value)", to: list)
        }
        self.list = list
    }

    deinit { curl_slist_free_all(list) }

    private static func append(
        _ line: String, to list: UnsafeMutablePointer<curl_slist>?
    ) -> UnsafeMutablePointer<curl_slist>? {
        // Out of memory gives nil and leaves the list: the line is lost, as is the process.
        curl_slist_append(list, line) ?? list
    }

    /// RFC 9110, section 5.6.2.
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func printable(_ name: String) -> String {
        String(decoding: name.utf8.map { $0 >= 32 && $0 < 127 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}
