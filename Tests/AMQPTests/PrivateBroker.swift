import Foundation

/// A RabbitMQ of this test process alone, on ports of its own; started by the first test that needs it.
///
/// A shell holds it: the shell reads commands from a pipe, and when the pipe ends, because this process did, however it
/// did, the shell kills the broker and removes its files.
final class PrivateBroker: Sendable {
    /// Started once, and ended with the process.
    static let shared = Result { try PrivateBroker() }

    let port: Int
    let tlsPort: Int
    /// Of the authority that signed the broker's certificate for `localhost`.
    let authorityFile: String
    /// Of an authority that the broker knows nothing of.
    let otherAuthorityFile: String
    private let folder: URL
    private let commands: FileHandle
    private let answers: FileHandle

    var url: String { "amqp://guest:guest@127.0.0.1:\(port)" }

    private init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rabbit-\(UUID().uuidString)")
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var ports: Set<Int> = []
        while ports.count < 5 { ports.insert(try Self.freePort()) }
        let list = Array(ports)
        (port, tlsPort) = (list[0], list[1])
        authorityFile = folder.appending(path: "tls/ca.pem").path
        otherAuthorityFile = folder.appending(path: "tls/other.pem").path

        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/bash")
        shell.arguments = ["-c", Self.script, "broker", folder.path] + list.map(String.init)
        let (input, output) = (Pipe(), Pipe())
        shell.standardInput = input
        shell.standardOutput = output
        commands = input.fileHandleForWriting
        answers = output.fileHandleForReading
        // Else a process that another test starts would keep the pipe open.
        for handle in [commands, answers] { _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC) }
        try shell.run()
        _ = try command("start")
    }

    /// Starts it again after `kill`. It takes some seconds until it answers.
    func start() throws { _ = try command("start") }

    /// As a power cut would; returns when it is gone.
    func kill() throws { _ = try command("kill") }

    /// Stops it in the middle of whatever it does: its sockets stay open and nothing answers.
    func freeze() throws { _ = try command("freeze") }

    func thaw() throws { _ = try command("thaw") }

    /// Runs an Erlang expression in the broker.
    @discardableResult
    func evaluate(_ expression: String) throws -> String { try command("eval \(expression)") }

    private func command(_ text: String) throws -> String {
        try commands.write(contentsOf: Data((text + "\n").utf8))
        var answer = Data()
        while answer.last != UInt8(ascii: "\n") {
            guard let byte = try answers.read(upToCount: 1), !byte.isEmpty else {
                throw CocoaError(.executableLoad, userInfo: [NSLocalizedDescriptionKey: "the broker's shell ended"])
            }
            answer.append(byte)
        }
        return String(decoding: answer.dropLast(), as: UTF8.self)
    }

    /// Outside the range from which the system takes ports for outgoing connections, since a broker that is killed
    /// must get its port again.
    private static func freePort() throws -> Int {
        while true {
            let port = Int.random(in: 15_000..<32_000)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            let status = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if status == 0 { return port }
        }
    }

    private static let script = #"""
        D=$1 PORT=$2 TLS=$3 DIST=$4 EPMD=$5 CTL=$6
        trap '' INT
        mkdir -p $D/home $D/etc $D/mnesia $D/log $D/tls
        exec 2>$D/log/shell
        cd $D/tls
        make_authority() {
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
                -keyout $1.key -out $1.pem
        }
        {
            make_authority ca
            make_authority other
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
                -keyout server.key -out server.csr
            printf 'subjectAltName=DNS:localhost\n' >san
            openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile san \
                -out server.pem
        } >$D/log/tls 2>&1
        cat >$D/etc/rabbitmq.conf <<-END
        listeners.tcp.1 = 127.0.0.1:$PORT
        listeners.ssl.1 = 127.0.0.1:$TLS
        ssl_options.cacertfile = $D/tls/ca.pem
        ssl_options.certfile = $D/tls/server.pem
        ssl_options.keyfile = $D/tls/server.key
        ssl_options.verify = verify_none
        loopback_users = none
        disk_free_limit.absolute = 50MB
        vm_memory_high_watermark.absolute = 1GB
        log.console = false
        END
        echo '[].' >$D/etc/enabled_plugins
        export HOME=$D/home RABBITMQ_NODENAME=test$PORT@localhost RABBITMQ_NODE_PORT=$PORT
        export RABBITMQ_DIST_PORT=$DIST ERL_EPMD_PORT=$EPMD ERL_EPMD_ADDRESS=127.0.0.1
        export RABBITMQ_CTL_DIST_PORT_MIN=$CTL RABBITMQ_CTL_DIST_PORT_MAX=$((CTL + 10))
        export RABBITMQ_CONF_ENV_FILE=$D/etc/none RABBITMQ_CONFIG_FILE=$D/etc/rabbitmq
        export RABBITMQ_ADVANCED_CONFIG_FILE=$D/etc/advanced.config
        export RABBITMQ_ENABLED_PLUGINS_FILE=$D/etc/enabled_plugins
        export RABBITMQ_MNESIA_BASE=$D/mnesia RABBITMQ_LOG_BASE=$D/log RABBITMQ_PID_FILE=$D/rabbit.pid
        export RABBITMQ_GENERATED_CONFIG_DIR=$D/etc/gen
        export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none'
        cd /
        # Its process is then the broker itself, without shells in between; and it dies with this shell.
        export RUNNING_UNDER_SYSTEMD=true
        setpriv --pdeathsig KILL epmd -address 127.0.0.1 -port $EPMD >/dev/null 2>&1 </dev/null &
        NAMES=$!
        while read -r command argument; do
            case $command in
            start)
                setpriv --pdeathsig KILL /usr/lib/rabbitmq/bin/rabbitmq-server </dev/null >$D/log/startup 2>&1 &
                RABBIT=$!
                echo ok ;;
            kill) kill -KILL $RABBIT; wait $RABBIT 2>/dev/null; echo ok ;;
            freeze) kill -STOP $RABBIT; echo ok ;;
            thaw) kill -CONT $RABBIT; echo ok ;;
            eval) /usr/lib/rabbitmq/bin/rabbitmqctl eval "$argument" 2>&1 | tr '\n' ' '; echo ;;
            esac
        done
        kill -KILL $RABBIT $NAMES
        wait
        rm -rf $D
        """#
}
