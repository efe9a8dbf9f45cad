import Checks
import Foundation
import Inference
import Spelling

/// Whether workers could serve a workflow with a providers file, before any of them is started.
enum ProvidersCheck {
    /// - Throws: exit 78, with the text that `worker run` gives, or with the providers that are missing.
    static func run(_ path: String, for file: WorkflowFile) throws(CommandFailure) {
        let environment = ProcessInfo.processInfo.environment
        let providers: [Provider]
        do throws(ProviderError) {
            providers = try ProviderFile.load(path, suggestion: Suggestion.question).resolve(
                environment: environment, allowsNone: true, suggestion: Suggestion.question)
        } catch {
            throw CommandFailure(.configuration, "the providers are wrong", details: error.problems)
        }
        let names = providers.map(\.name)
        var missing = (file.modelProviders + file.httpProviders).filter { !names.contains($0) }.map {
            "no provider \"\($0)\", which the workflow calls.\(Suggestion.question(for: $0, among: names))"
        }
        missing += file.remoteURLs.filter { url in !providers.contains { $0.isMeant(by: url) } }.map {
            "no provider of type http has the endpoint \($0)"
        }
        guard missing.isEmpty else {
            throw CommandFailure(
                .configuration, "\(path) lacks providers", details: missing,
                next: names.isEmpty ? nil : "It has: \(names.joined(separator: ", "))")
        }
    }
}
