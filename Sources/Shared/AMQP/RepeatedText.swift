import CRabbitMQ
import Glibc

/// Turns bytes into a string, and the same bytes again into the same string without making a new one.
struct RepeatedText {
    private var bytes: [UInt8] = []
    private var text = ""

    mutating func text(_ source: amqp_bytes_t) -> String {
        let buffer = UnsafeRawBufferPointer(start: source.bytes, count: source.len)
        let isSame = bytes.withUnsafeBytes { known in
            guard known.count == buffer.count else { return false }
            guard let left = known.baseAddress, let right = buffer.baseAddress else { return true }
            return memcmp(left, right, known.count) == 0
        }
        if !isSame {
            bytes = [UInt8](buffer)
            text = String(source)
        }
        return text
    }
}
