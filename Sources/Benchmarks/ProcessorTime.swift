import Foundation
import Glibc

/// User and system time of processes, by /proc (proc(5): utime, stime, cutime, cstime).
enum ProcessorTime {
    /// Of a process and everything it started: those that live, and those that ended and were waited for.
    static func ofTree(_ root: Int32) -> Duration {
        let all = processes()
        var tree: Set<Int32> = [root]
        var grew = true
        while grew {
            let more = all.filter { tree.contains($0.value.parent) && !tree.contains($0.key) }.keys
            grew = !more.isEmpty
            tree.formUnion(more)
        }
        let ticks = tree.reduce(0) { $0 + (all[$1]?.ticks ?? 0) }
        return .seconds(1) * ticks / sysconf(Int32(_SC_CLK_TCK))
    }

    private static func processes() -> [Int32: (parent: Int32, ticks: Int)] {
        var found: [Int32: (parent: Int32, ticks: Int)] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let pid = Int32(name), let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let end = text.lastIndex(of: ")")
            else { continue }
            // After the name: state, parent, ...; utime is the 14th field of all, the 12th of these.
            let fields = text[text.index(after: end)...].split(separator: " ")
            guard fields.count > 14, let parent = Int32(fields[1]) else { continue }
            found[pid] = (parent, fields[11...14].reduce(0) { $0 + (Int($1) ?? 0) })
        }
        return found
    }
}
