import Glibc
import LocalServices
import Logging
import Telemetry

/// The owner of private servers as a process of its own: for tests that kill it, and for `make services-up`.
///
///     service-host serve STATE-DIRECTORY     until SIGTERM or SIGINT; prints how to reach the servers once both are
///     ready service-host guardian                  started by the former, and by tests
@main
struct ServiceHost {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch (arguments.first, arguments.count) {
        case ("guardian", 1): Guardian.main()
        case ("serve", 2): await serve(arguments[1])
        default: fail("usage: service-host serve STATE-DIRECTORY", status: 64)
        }
    }

    private static func serve(_ stateDirectory: String) async {
        let terminations = SignalStream.terminations()
        let logger = Logger(label: "service-host")
        do {
            let guardian = try await GuardianHandle.spawn(
                logFile: "\(stateDirectory)/logs/guardian.log", logger: logger)
            let services = try await LocalServices.start(
                stateDirectory: stateDirectory, guardian: guardian, logger: logger)
            print(
                """
                export TESSERA_DATABASE_URL='\(services.databaseURL)'
                export TESSERA_BROKER_URL='\(services.brokerURL)'
                ready
                """)
            // A pipe's reader would not see these lines before 4 KiB of them.
            fflush(nil)
            let supervision = Task {
                for await exit in services.exits { try await services.restart(exit.service) }
            }
            for await _ in terminations { break }
            supervision.cancel()
            await services.stop()
            await guardian.close()
        } catch {
            fail("error: \(error)", status: 69)
        }
    }

    private static func fail(_ message: String, status: Int32) -> Never {
        _ = Array("\(message)\n".utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        exit(status)
    }
}
