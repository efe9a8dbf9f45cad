import Foundation
import LanguageFuzzing

/// Says which case was tried when the process ends by a signal, and ends it when one case takes 20 s of processor time.
enum Watch {
    // SAFETY: written by the one thread that tries cases before each, read by signal handlers of the same process; a
    // torn or old value names a neighbouring case, no more.
    private nonisolated(unsafe) static let current = UnsafeMutablePointer<UInt64>.allocate(capacity: 4)

    /// `--only` and `--from` of the case at hand, for the handlers.
    static func note(_ target: FuzzTarget, _ number: UInt64) {
        current[0] = number
        current[1] = UInt64(FuzzTarget.allCases.firstIndex(of: target) ?? 0)
    }

    static func start(seed: UInt64) {
        current[2] = seed
        current[3] = .max
        // What a runaway case wants more than this of, it does not get.
        var limit = rlimit(rlim_cur: 4 << 30, rlim_max: 4 << 30)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE] {
            signal(number) { number in
                Watch.say()
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        // Of this process's own time: a busy machine makes no hang.
        signal(SIGPROF) { _ in
            if Watch.current[3] == Watch.current[0] {
                Watch.say()
                _exit(1)
            }
            Watch.current[3] = Watch.current[0]
        }
        var pace = itimerval(it_interval: timeval(tv_sec: 20, tv_usec: 0), it_value: timeval(tv_sec: 20, tv_usec: 0))
        setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &pace, nil)
    }

    /// Writes the line that repeats the case, with nothing that a signal handler may not do.
    private static func say() {
        write("\ncrashed or hung: tessera-language fuzz --seed ")
        write(current[2])
        switch current[1] {
        case 0: write(" --only template")
        case 1: write(" --only expression")
        case 2: write(" --only yaml")
        case 3: write(" --only json")
        case 4: write(" --only answer")
        default: write(" --only schema")
        }
        write(" --cases 1 --show --from ")
        write(current[0])
        write("\n")
    }

    private static func write(_ text: StaticString) {
        _ = Foundation.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    }

    private static func write(_ number: UInt64) {
        var divisor: UInt64 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            var digit = UInt8(ascii: "0") + UInt8(number / divisor % 10)
            _ = Foundation.write(STDERR_FILENO, &digit, 1)
            divisor /= 10
        }
    }
}
