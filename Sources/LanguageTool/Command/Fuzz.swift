import ArgumentParser
import Foundation
import LanguageFuzzing

struct Fuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Tries random templates, expressions, workflow files, answers and schemas: none may crash, hang or contradict itself.",
        discussion: """
            A case is made of the seed and its number. A crash, a hang of 20 s and a want of more than 4 GiB end the \
            process with the line that repeats the case.
            """)

    @Option(help: "How many cases, over all targets.")
    var cases: UInt64 = 1_000_000

    @Option(help: "The seed.")
    var seed: UInt64 = 1

    @Option(
        help:
            "Only this target: template, expression, yaml, json, answer, schema; or language (the first four), answers (the last two)."
    )
    var only = "all"

    @Option(help: "The number of the first case.")
    var from: UInt64 = 0

    @Flag(help: "Print each case before it is tried.")
    var show = false

    func run() throws {
        Watch.start(seed: seed)
        let turns = try Self.turns(only)
        let start = ContinuousClock.now
        var faults = 0
        for number in from..<from + cases {
            let target = turns[Int(number % UInt64(turns.count))]
            Watch.note(target, number)
            if show { print("\(target.rawValue) \(number)\n\(target.source(seed: seed, number: number))") }
            if let complaint = target.complaint(seed: seed, number: number) {
                print("\(complaint)\n")
                faults += 1
            }
            if (number + 1) % 1_000_000 == 0 { report(number + 1 - from, faults, since: start) }
        }
        report(cases, faults, since: start)
        if faults > 0 { throw ExitCode(1) }
    }

    private static func turns(_ only: String) throws -> [FuzzTarget] {
        // Files take longer than templates: of ten cases five are templates, two expressions, and three files.
        let language: [FuzzTarget] = [
            .template, .template, .template, .template, .template, .expression, .expression, .yaml, .yaml, .json,
        ]
        let answers: [FuzzTarget] = [.answer, .answer, .schema]
        switch only {
        case "all": return language + answers
        case "language": return language
        case "answers": return answers
        default:
            guard let target = FuzzTarget(rawValue: only) else {
                throw ValidationError("There is no target \(only).")
            }
            return [target]
        }
    }

    private func report(_ count: UInt64, _ faults: Int, since start: ContinuousClock.Instant) {
        let seconds = start.duration(to: .now) / .seconds(1)
        print("\(count) cases, \(faults) faults, \(Int(seconds)) s, seed \(seed)")
        fflush(nil)
    }
}
