/// A process that stays told apart from a later one with the same number.
package struct ProcessIdentity: Sendable, Hashable {
    package let pid: Int32
    /// Field 22 of `/proc/PID/stat`: clock ticks after boot. `exec` does not change it.
    package let startTime: UInt64

    package init(pid: Int32, startTime: UInt64) {
        self.pid = pid
        self.startTime = startTime
    }
}
