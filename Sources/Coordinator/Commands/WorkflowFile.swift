import Seeds
import Workflow

/// A workflow file that passed every check that can be made before a model is called.
struct WorkflowFile {
    let path: String
    let workflow: Workflow
    /// Its seed data, opened; nil where it has none.
    let seed: SeedSource?

    /// Reads and checks the file and its seed data; warnings are printed.
    ///
    /// - Throws: exit 65 with every problem at once.
    init(_ path: String, capabilities: Capabilities = .current) throws {
        self.path = path
        var loaded = Workflow.load(path: path, capabilities: capabilities)
        var seed: SeedSource?
        if let config = loaded.workflow?.seed {
            seed = try Self.opened(config)
            // Now with the names of the seed's columns.
            loaded = Workflow.load(path: path, seedColumns: seed?.columns, capabilities: capabilities)
        }
        self.seed = seed
        for warning in loaded.warnings { Talk.line("warning: \(warning)") }
        guard let workflow = loaded.workflow, loaded.problems.isEmpty else {
            throw Self.failure(loaded.problems)
        }
        self.workflow = workflow
    }

    private static func opened(_ config: SeedConfig) throws -> SeedSource {
        do throws(SeedError) {
            let seed = try SeedSource(config.source)
            _ = try SeedSelection(config, rows: seed.rows, seed: 0)
            return seed
        } catch {
            throw CommandFailure(.invalidWorkflow, "the seed data: \(error.description)", next: error.next)
        }
    }

    private static func failure(_ problems: [Problem]) -> CommandFailure {
        let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        return CommandFailure(
            .invalidWorkflow, "the workflow is not valid (\(count))", details: problems.map(\.description))
    }

    /// `reviews` for `examples/reviews.yaml`.
    var stem: String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
        return String(name[..<dot])
    }
}
