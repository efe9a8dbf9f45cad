import Foundation
import Glibc

/// A blocking TCP client that reads HTTP replies one at a time.
final class RawClient {
    struct Reply {
        let status: Int
        let headers: [String: String]
        let body: String
    }

    private let fd: Int32
    private var received: [UInt8] = []
    /// Whether the server ended the connection by a reset.
    private(set) var wasReset = false

    init(port: Int) {
        fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        precondition(status == 0, "cannot connect to port \(port)")
    }

    deinit { close(fd) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(fd, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            sent += count
        }
    }

    func post(_ path: String, _ body: String = "", headers: String = "") {
        send("POST \(path) HTTP/1.1\r\nHost: x\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    func chat(_ prompt: String, model: String = "m") {
        post("/v1/chat/completions", #"{"model":"\#(model)","messages":[{"role":"user","content":"\#(prompt)"}]}"#)
    }

    /// The next reply; nil when the connection ended before a whole one.
    func reply() -> Reply? {
        while true {
            if let reply = parsed() { return reply }
            guard receive() else { return nil }
        }
    }

    /// What came and is not read as a reply yet, once the server has closed.
    func rest() -> String {
        while receive() {}
        return String(decoding: received, as: UTF8.self)
    }

    /// No more is sent.
    func finish() { shutdown(fd, Int32(SHUT_WR)) }

    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(fd, &buffer, buffer.count, 0)
        if count > 0 { received += buffer[..<count] }
        if count < 0 { wasReset = true }
        return count > 0
    }

    private func parsed() -> Reply? {
        guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let halves = line.split(separator: ":", maxSplits: 1)
            headers[halves[0].lowercased()] = halves.last?.trimmingCharacters(in: .whitespaces)
        }
        let status = Int(lines[0].split(separator: " ")[1]) ?? 0
        let length = Int(headers["content-length"] ?? "") ?? 0
        guard received.count - end.upperBound >= length else { return nil }
        let body = String(decoding: received[end.upperBound..<end.upperBound + length], as: UTF8.self)
        received.removeFirst(end.upperBound + length)
        return Reply(status: status, headers: headers, body: body)
    }
}

extension RawClient.Reply {
    private var json: [String: Any]? { try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any] }

    /// The value at a path such as `choices.0.message.content`.
    subscript(path: String) -> Any? {
        var value: Any? = json
        for step in path.split(separator: ".") {
            if let index = Int(step) {
                value = (value as? [Any]).flatMap { index < $0.count ? $0[index] : nil }
            } else {
                value = (value as? [String: Any])?[String(step)]
            }
        }
        return value
    }

    var content: String? { self["choices.0.message.content"] as? String }
}
