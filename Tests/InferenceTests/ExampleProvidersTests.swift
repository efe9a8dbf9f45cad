import Foundation
import Testing

@testable import Inference

struct ExampleProvidersTests {
    private static let folder =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/examples"

    @Test func `every example of providers serves both names that the workflows use`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
            .filter { $0.hasPrefix("providers") && $0.hasSuffix(".yaml") }
        #expect(files.count >= 5)
        let keys = ["NVIDIA_API_KEY": "key", "GATEWAY_KEY": "key"]
        for file in files {
            let providers = try ProviderFile.load("\(Self.folder)/\(file)")
                .resolve(serve: ["nim-a", "nim-b"], environment: keys)
            #expect(providers.map(\.name) == ["nim-a", "nim-b"], "\(file)")
        }
    }
}
