import Glibc

/// What a private broker was given when it was made, and keeps: its ports and the password of its one user.
struct BrokerSettings: Sendable, Equatable {
    static let user = "tessera"

    var port: Int
    /// Between Erlang nodes; loopback only, used by nobody.
    var distributionPort: Int
    var portMapperPort: Int
    let password: String

    /// New ports, and a new password of 128 random bits.
    static func fresh() -> BrokerSettings {
        let ports = LoopbackPort.free(3)
        let digits = Array("0123456789abcdef".utf8)
        let password = (0..<32).map { _ in digits[Int.random(in: 0..<16)] }
        return BrokerSettings(
            port: ports[0], distributionPort: ports[1], portMapperPort: ports[2],
            password: String(decoding: password, as: UTF8.self))
    }

    init(port: Int, distributionPort: Int, portMapperPort: Int, password: String) {
        self.port = port
        self.distributionPort = distributionPort
        self.portMapperPort = portMapperPort
        self.password = password
    }

    /// Reads what `text` wrote; nothing when a line is missing or does not parse.
    init?(_ text: String) {
        var values: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        guard let port = values["port"].flatMap({ Int($0) }),
            let distributionPort = values["distribution_port"].flatMap({ Int($0) }),
            let portMapperPort = values["port_mapper_port"].flatMap({ Int($0) }), let password = values["password"]
        else { return nil }
        self.init(
            port: port, distributionPort: distributionPort, portMapperPort: portMapperPort, password: String(password))
    }

    var text: String {
        """
        port=\(port)
        distribution_port=\(distributionPort)
        port_mapper_port=\(portMapperPort)
        password=\(password)

        """
    }

    var ports: [Int] { [port, distributionPort, portMapperPort] }

    /// The same broker on other ports.
    mutating func moveElsewhere() {
        let ports = LoopbackPort.free(3)
        (port, distributionPort, portMapperPort) = (ports[0], ports[1], ports[2])
    }
}
