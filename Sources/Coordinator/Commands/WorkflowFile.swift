import Glibc
import Messages
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
        try Self.checkIsFile(path)
        let (loaded, seed) = Self.check(path, capabilities: capabilities)
        self.seed = seed
        for warning in loaded.warnings { Talk.line("warning: \(warning)") }
        guard let workflow = loaded.workflow, loaded.problems.isEmpty else {
            throw Self.failure(loaded.problems)
        }
        self.workflow = workflow
    }

    /// - Throws: exit 65 where there is no such file, or it is a folder.
    static func checkIsFile(_ path: String) throws(CommandFailure) {
        guard path != "-" else { return }
        var status = stat()
        guard stat(path, &status) == 0 else {
            let isAbsent = errno == ENOENT || errno == ENOTDIR
            let reason = isAbsent ? "no such file: \(path)" : "\(path): \(String(cString: strerror(errno)))"
            throw CommandFailure(.invalidWorkflow, reason)
        }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw CommandFailure(.invalidWorkflow, "\(path) is a folder") }
    }

    /// Reads and checks the file and its seed data; what is wrong with these is a problem of the file.
    static func check(
        _ path: String, capabilities: Capabilities = .current
    ) -> (loaded: LoadedWorkflow, seed: SeedSource?) {
        let document: DocumentText
        do throws(SourceError) {
            document = try DocumentText.read(path, maximumMebibytes: Workflow.maximumMebibytes)
        } catch {
            return (LoadedWorkflow(unreadable: error.problem(in: path)), nil)
        }
        let loaded = Workflow.load(document, capabilities: capabilities)
        guard let config = loaded.seed, config.isRun(by: capabilities) else { return (loaded, nil) }
        do throws(SeedError) {
            let seed = try SeedSource(config.source)
            _ = try SeedSelection(config, rows: seed.rows, seed: 0)
            // Now with the names of the seed's columns.
            return (Workflow.load(document, seedColumns: seed.columns, capabilities: capabilities), seed)
        } catch {
            let seedProblem = loaded.adding(
                seedProblem: error.description, suggestion: error.next, file: document.name)
            return (seedProblem, nil)
        }
    }

    /// Exit 65 with every problem.
    static func failure(_ problems: [Problem]) -> CommandFailure {
        let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        return CommandFailure(
            .invalidWorkflow, "the workflow is not valid (\(count))", details: problems.map(\.description))
    }

    /// Whether any column is made by a model.
    var usesModels: Bool { workflow.columns.contains { $0.modelAlias != nil } }

    /// Whether workers make any column's cells.
    var usesWorkers: Bool { workflow.columns.contains(where: \.isMadeByWorkers) }

    /// Whether any column is made by a model or another endpoint.
    var usesEndpoints: Bool { usesModels || !httpProviders.isEmpty || !remoteURLs.isEmpty }

    /// The providers of the models that columns use.
    var modelProviders: [String] {
        let aliases = Set(workflow.columns.compactMap(\.modelAlias))
        return workflow.models.filter { aliases.contains($0.alias) }.map(\.provider).uniqued()
    }

    /// The providers of http columns.
    var httpProviders: [String] {
        workflow.columns.compactMap { if case .http(let http) = $0.kind { http.provider } else { nil } }.uniqued()
    }

    /// The endpoints of remote validators.
    var remoteURLs: [String] {
        workflow.columns.compactMap { column in
            guard case .validation(let validation) = column.kind, case .remote(let remote) = validation.validator else {
                return nil
            }
            return remote.endpointURL
        }.uniqued()
    }

    /// The tools that columns of code are checked with.
    var tools: [CodeTool] {
        workflow.columns.compactMap { column in
            guard case .validation(let validation) = column.kind, case .code(let language) = validation.validator else {
                return nil
            }
            return CodeTool(language: language)
        }.uniqued()
    }

    /// `reviews` for `examples/reviews.yaml`; `workflow` for what comes from a pipe. It can be a job's name.
    var stem: String { JobName.fitting(fileStem) }

    private var fileStem: String {
        if path == "-" || path.hasPrefix("/dev/fd/") || path.hasPrefix("/proc/") { return "workflow" }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
        return String(name[..<dot])
    }
}
