import Foundation
import Glibc

/// The terminal behind stderr, as far as drawing cares.
struct TerminalShape: Equatable, Sendable {
    /// Characters a line; at least 20, which is where bars end to make sense.
    var columns = 80
    var rows = 24
    var hasColor = false

    /// As it is now: a window may be made larger or smaller. No colour with `NO_COLOR` (of any text but an empty one)
    /// or `TERM=dumb`.
    static var current: TerminalShape {
        var shape = TerminalShape()
        var size = winsize()
        if ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            shape.columns = max(20, Int(size.ws_col))
            shape.rows = max(5, Int(size.ws_row))
        }
        let environment = ProcessInfo.processInfo.environment
        shape.hasColor = environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
        return shape
    }
}
