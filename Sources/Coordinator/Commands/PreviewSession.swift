import Checks
import Collecting
import Foundation
import Inference
import InferenceSimulation
import JSON
import Messages
import Previewing
import Random
import Sampling
import Seeds
import Spelling
import Store
import Workflow

/// One `preview` whose columns are made by models: workflow, endpoints and seed records put together, and run.
struct PreviewSession {
    enum Endpoints {
        /// `providers.yaml`; nil: the built-in providers whose keys are set.
        case file(String?)
        /// The built-in simulator, with calls of so many milliseconds.
        case simulator(Int)
    }

    let file: WorkflowFile
    let records: Int64
    let seed: UInt64
    let settings: RunSettings
    let endpoints: Endpoints
    let environment: [String: String]

    func run(progress: @escaping @Sendable (PreviewStateMachine) -> Void) async throws -> PreviewStateMachine {
        let job = Job.unstored(
            workflow: JSONValue.object(file.workflow.canonicalJSON).serialized(),
            fingerprint: file.workflow.fingerprint, seed: seed, generatorVersion: RandomSource.generatorVersion,
            records: records, runConfig: settings.stored)
        let blueprint: JobBlueprint
        do {
            blueprint = try JobBlueprint(unstored: job, workflow: file.workflow)
        } catch let error as SamplingError {
            throw CommandFailure(.invalidWorkflow, "the samplers: \(error)")
        } catch {
            throw CommandFailure(.invalidWorkflow, "\(error)")
        }
        let rows = try seedRows()
        let files = try files(rows)
        var simulator: InferenceSimulator?
        let providers = try providers(&simulator)
        let machine: PreviewStateMachine
        do throws(CallFailure) {
            machine = try PreviewStateMachine(
                blueprint, seedColumns: rows.columns, seedRows: rows.rows, caps: caps(providers), files: files,
                chance: seed)
        } catch {
            throw CommandFailure(.invalidWorkflow, error.description)
        }
        let runner = PreviewRunner(
            machine, endpoints: try endpoints(providers), tools: try await tools(), progress: progress)
        do {
            let ended = try await runner.run()
            await simulator?.stop()
            return ended
        } catch {
            await simulator?.stop()
            throw CommandFailure(.ourBug, "\(error)")
        }
    }

    // MARK: Endpoints

    /// The providers of the models that columns use.
    private var wanted: [String] {
        let aliases = Set(file.workflow.columns.compactMap(\.modelAlias))
        return Set(file.workflow.models.filter { aliases.contains($0.alias) }.map(\.provider)).sorted()
    }

    /// By provider, and by URL for remote validators.
    private func endpoints(_ providers: [Provider]) throws -> [String: Endpoint] {
        var endpoints: [String: Endpoint] = [:]
        for provider in providers { endpoints[provider.name] = provider.endpoint }
        for url in file.remoteURLs {
            guard let provider = providers.first(where: { $0.isMeant(by: url) }) else {
                throw CommandFailure(
                    .configuration, "no provider of type http has the endpoint \(url)",
                    next: "Name it in the file of --providers: a provider with provider_type: http.")
            }
            endpoints[url] = provider.endpoint
        }
        return endpoints
    }

    private func tools() async throws -> [ToolProgram] {
        file.tools.isEmpty ? [] : try await ToolProgram.found(in: environment["PATH"] ?? "")
    }

    private func providers(_ simulator: inout InferenceSimulator?) throws -> [Provider] {
        do throws(ProviderError) {
            switch endpoints {
            case .simulator(let milliseconds):
                var settings = SimulatorSettings()
                settings.port = 0
                settings.latency = .milliseconds(milliseconds)
                settings.invalidCodeRate = 0.15
                let started = try simulated(settings)
                simulator = started
                let table = try ProviderTable(
                    serving: wanted, at: started.endpoint, rows: file.httpProviders, remoteURLs: file.remoteURLs,
                    at: started.rowsEndpoint)
                return try table.resolve(serve: table.names, environment: environment)
            case .file(let path):
                var table = ProviderTable()
                if let path { table = try ProviderFile.load(path, suggestion: Suggestion.question) }
                // All of the file's where remote validators are: each is known by its URL.
                let serve = file.remoteURLs.isEmpty ? wanted + file.httpProviders : []
                if wanted.isEmpty, file.httpProviders.isEmpty, file.remoteURLs.isEmpty { return [] }
                return try table.resolve(serve: serve, environment: environment, suggestion: Suggestion.question)
            }
        } catch {
            throw CommandFailure(
                .configuration, "the endpoints of the workflow's models are not known", details: error.problems,
                next: "Name them with --providers FILE; or try it with --simulate, or without models: --no-models.")
        }
    }

    private func simulated(_ settings: SimulatorSettings) throws(ProviderError) -> InferenceSimulator {
        do throws(SimulatorError) {
            return try InferenceSimulator(settings)
        } catch {
            throw ProviderError(problems: ["the simulator cannot listen: \(error.detail)"])
        }
    }

    /// The operator's caps of the models that are used.
    private func caps(_ providers: [Provider]) -> [Route: Int] {
        var caps: [Route: Int] = [:]
        // As a worker has it.
        for tool in file.tools { caps[tool.route] = max(1, ProcessInfo.processInfo.activeProcessorCount) }
        for provider in providers {
            for (model, cap) in provider.caps {
                for domain in Route.Domain.allCases {
                    caps[Route(provider: provider.name, model: model, domain: domain)] = cap
                }
            }
        }
        for url in file.remoteURLs {
            let provider = providers.first { $0.isMeant(by: url) }
            caps[Route(provider: Route.remoteProvider, model: url)] = provider?.caps[Route.httpModel]
        }
        return caps
    }

    // MARK: Seed data

    /// The image files that cells of these records may name.
    private func files(_ rows: (columns: [Int], rows: [[JSONValue]])) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        let used = MediaFiles(
            file.workflow, rows: rows.rows, of: rows.columns.map { file.workflow.columns[$0].name })
        for name in used.names { files[name] = try FileUploading.read(name) }
        return files
    }

    private func seedRows() throws -> (columns: [Int], rows: [[JSONValue]]) {
        guard let source = file.seed, let config = file.workflow.seed else { return ([], []) }
        do throws(SeedError) {
            let rows = try RecordSample.rows(of: records, source, config, seed)
            let columns = source.columns.map { file.workflow.columnIndex($0) }
            let places = columns.indices.filter { columns[$0] != nil }
            return (places.compactMap { columns[$0] }, rows.map { row in places.map { row[$0] } })
        } catch {
            throw CommandFailure(.invalidWorkflow, "the seed data: \(error.description)", next: error.next)
        }
    }
}
