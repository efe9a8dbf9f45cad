/// What a broker says about itself when a connection opens.
package struct ServerProperties: Hashable, Sendable {
    package struct Version: Comparable, Hashable, Sendable, CustomStringConvertible {
        package let major: Int
        package let minor: Int
        package let patch: Int

        package init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
            (self.major, self.minor, self.patch) = (major, minor, patch)
        }

        /// Reads "3.10.8" and "4.0.0-rc.1"; parts that are missing or not numbers are 0.
        package init(_ text: String) {
            let numbers = text.split(separator: ".").prefix(3).map { part in
                Int(part.prefix { $0.isASCII && $0.isNumber }) ?? 0
            }
            func part(_ index: Int) -> Int { index < numbers.count ? numbers[index] : 0 }
            self.init(part(0), part(1), part(2))
        }

        package var description: String { "\(major).\(minor).\(patch)" }

        package static func < (left: Version, right: Version) -> Bool {
            (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
        }
    }

    /// Such as "RabbitMQ".
    package let product: String
    package let version: Version

    package init(product: String, version: Version) {
        self.product = product
        self.version = version
    }

    init(_ table: [String: FieldValue]) {
        self.init(
            product: table["product"]?.stringValue ?? "unknown",
            version: Version(table["version"]?.stringValue ?? ""))
    }
}
