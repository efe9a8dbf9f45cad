package import Inference
import JSON
package import Messages
import Processes

/// One run of a tool over the texts of some cells.
package final class LintRun: Sendable {
    private let process = ToolProcess()

    /// Begins a run on a thread of its own.
    ///
    /// - Parameters:
    ///   - cells: the values of the column's targets, cell by cell.
    ///   - timeout: after which the tool is killed.
    ///   - completion: called once, with a value for each cell, or with what went wrong: `.timeout`, `.closedEarly` for
    ///     a tool that ended without a report, `.malformedReply` for a report that cannot be read, `.connection` for a
    ///     tool that cannot be started; nil when it was cancelled. On that thread, or, where there is none to be had,
    ///     on this one before `start` returns.
    package static func start(
        _ column: LintColumn, with program: ToolProgram, cells: [[WireValue]], timeout: Duration,
        _ completion: @escaping @Sendable (Result<[WireValue], CallFailure>?) -> Void
    ) -> LintRun {
        let run = LintRun()
        do throws(ProcessError) {
            try BackgroundThread.start { completion(run.run(column, program, cells, timeout)) }
        } catch {
            completion(.failure(CallFailure(kind: .connection, message: "\(program.tool.rawValue): \(error)")))
        }
        return run
    }

    /// Kills the tool. It may be over already.
    package func cancel() { process.cancel() }

    private func run(
        _ column: LintColumn, _ program: ToolProgram, _ cells: [[WireValue]], _ timeout: Duration
    ) -> Result<[WireValue], CallFailure>? {
        let codes = column.codes(cells)
        if codes.isEmpty { return .success(Self.wire(column.values(cells, []))) }
        let language = column.language
        let files = codes.enumerated().map { (name: language.fileName($0), text: language.fileText($1)) }
        let ending: ToolProcess.Ending
        do throws(ToolProcess.CannotStart) {
            ending = try process.run(
                [program.path] + language.arguments(files: codes.count), files: files + language.supplements,
                timeout: timeout)
        } catch {
            if process.isCancelled { return nil }
            return .failure(CallFailure(kind: .connection, message: "\(program.tool.rawValue): \(error)"))
        }
        if ending.wasCancelled { return nil }
        if let failure = Self.failure(ending, program, timeout) { return .failure(failure) }
        guard let verdicts = language.verdicts(of: ending.output, on: codes) else {
            return .failure(
                CallFailure(
                    kind: .malformedReply, message: "the report of \(program.description) cannot be read"))
        }
        return .success(Self.wire(column.values(cells, verdicts)))
    }

    private static func wire(_ values: [JSONValue]) -> [WireValue] {
        values.map { value in
            var wire = WireValue()
            wire.json = value.serialized()
            return wire
        }
    }

    private static func failure(
        _ ending: ToolProcess.Ending, _ program: ToolProgram, _ timeout: Duration
    ) -> CallFailure? {
        if ending.wasTimeout {
            return CallFailure(
                kind: .timeout, message: "\(program.description) was killed after \(timeout.components.seconds) s")
        }
        guard ending.status != 0 else { return nil }
        let errors = String(decoding: ending.errors, as: UTF8.self).split(whereSeparator: \.isNewline)
        let said = errors.last.map { ": \($0)" } ?? ""
        return CallFailure(
            kind: .closedEarly, message: "\(program.description) ended \(ending.description)\(said)")
    }
}
