import Glibc
import LocalServices
import Logging

/// The owner of private servers as a process of its own: for tests that kill it, and for `make services-up`.
///
///     service-host serve STATE-DIRECTORY     until SIGTERM or SIGINT; prints how to reach the servers once both are ready
///     service-host guardian                  started by the former
@main
struct ServiceHost {
    @MainActor
    static func main() async {
        // Before there is a second thread, so that none takes the signal's default, which is to end us at once.
        var ending = sigset_t()
        sigemptyset(&ending)
        sigaddset(&ending, SIGTERM)
        sigaddset(&ending, SIGINT)
        pthread_sigmask(SIG_BLOCK, &ending, nil)

        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, arguments.count) {
        case ("guardian", 1): Guardian.main()
        case ("serve", 2): await serve(arguments[arguments.startIndex + 1], until: ending)
        default: fail("usage: service-host serve STATE-DIRECTORY", status: 64)
        }
    }

    private static func serve(_ stateDirectory: String, until ending: sigset_t) async {
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
            flush()
            let supervision = Task {
                for await exit in services.exits { try await services.restart(exit.service) }
            }
            await Task.detached {
                var ending = ending
                var received: Int32 = 0
                sigwait(&ending, &received)
            }.value
            supervision.cancel()
            await services.stop()
            await guardian.close()
        } catch {
            fail("error: \(error)", status: 69)
        }
    }

    /// What waits for `ready` reads a pipe, which Glibc would fill up to 4 KiB first.
    private static func flush() { fflush(nil) }

    private static func fail(_ message: String, status: Int32) -> Never {
        _ = Array("\(message)\n".utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        exit(status)
    }
}
