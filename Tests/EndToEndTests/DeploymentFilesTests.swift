import Foundation
import Settings
import TestSupport
import Testing
import Yams

/// compose.yaml and Dockerfile name only what the programs have. No container engine is needed to know that.
struct DeploymentFilesTests {
    private struct Service: Sendable {
        let name: String
        let program: String
        let command: [String]
        let environment: [String]
    }

    /// The services that run this package's programs.
    private static func services() throws -> [Service] {
        let text = try String(contentsOfFile: PackageFolder.path("compose.yaml"), encoding: .utf8)
        let file = try #require(try Yams.load(yaml: text) as? [String: Any])
        let services = try #require(file["services"] as? [String: [String: Any]])
        let programs = [
            "tessera-coordinator": "coordinator", "tessera-worker": "worker",
            "tessera-simulator": "inference-simulator",
        ]
        return services.compactMap { name, service in
            guard let image = service["image"] as? String, let program = programs[image] else { return nil }
            let environment = service["environment"] as? [String: Any] ?? [:]
            return Service(
                name: name, program: program, command: service["command"] as? [String] ?? [],
                environment: Array(environment.keys))
        }
    }

    private func help(_ program: String, _ arguments: [String]) async throws -> String {
        let answer = try await TestCluster.command(program, arguments + ["--help"], environment: [:], folder: "/")
        #expect(answer.exit == 0, "\(program) \(arguments) has no help: \(answer.errors)")
        return answer.output
    }

    @Test func `every command and flag of compose yaml is one of the program's`() async throws {
        let services = try Self.services()
        #expect(Set(services.map(\.program)) == ["coordinator", "worker", "inference-simulator"])
        for service in services {
            let subcommand = service.command.first.flatMap { $0.hasPrefix("-") ? nil : [$0] } ?? []
            let help = try await help(service.program, subcommand)
            let words = Set(help.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init))
            for flag in service.command where flag.hasPrefix("-") {
                #expect(words.contains(flag), "\(service.name): \(service.program) has no \(flag)")
            }
        }
    }

    @Test func `every variable of compose yaml is a setting`() throws {
        let known = Set(SettingKey.all.flatMap { [$0.environment] + [$0.fileEnvironment].compactMap { $0 } })
        for service in try Self.services() {
            for variable in service.environment {
                #expect(known.contains(variable), "\(service.name): nothing reads \(variable)")
            }
        }
    }

    @Test func `the image runs programs that are built, and compose names targets of the Dockerfile`() throws {
        let docker = try String(contentsOfFile: PackageFolder.path("Dockerfile"), encoding: .utf8)
        let package = try String(contentsOfFile: PackageFolder.path("Package.swift"), encoding: .utf8)
        let targets = docker.matches(of: /FROM \S+ AS (\S+)/).map { String($0.1) }
        let compose = try String(contentsOfFile: PackageFolder.path("compose.yaml"), encoding: .utf8)
        for match in compose.matches(of: /target: (\w+)/) { #expect(targets.contains(String(match.1))) }
        for product in ["coordinator", "worker", "inference-simulator"] {
            #expect(docker.contains(product) && package.contains("name: \"\(product)\""))
        }
        let entrypoints = docker.matches(of: /ENTRYPOINT \["([^"]+)"/).map { String($0.1) }
        #expect(!entrypoints.isEmpty)
        for entrypoint in entrypoints {
            let program = entrypoint.split(separator: "/").last.map(String.init) ?? ""
            #expect(["coordinator", "worker", "inference-simulator"].contains(program), "\(entrypoint) is not built")
        }
    }

    @Test func `the worker's image has the tools that code is checked with, where the worker finds them`() throws {
        let docker = try String(contentsOfFile: PackageFolder.path("Dockerfile"), encoding: .utf8)
        let stages = docker.split(separator: "\nFROM ").map(String.init)
        let tools = try #require(stages.first { $0.contains(" AS tools\n") })
        let worker = try #require(stages.first { $0.contains(" AS worker\n") })
        let script = "scripts/install-tools"
        #expect(tools.contains("COPY \(script) /source/\(script)") && worker.contains("USER 10001:10001"))
        #expect(try String(contentsOfFile: PackageFolder.path(script), encoding: .utf8).contains("TESSERA_TOOLS"))
        let folder = try #require(tools.firstMatch(of: /TESSERA_TOOLS=(\S+)/)).1
        #expect(worker.contains("COPY --from=tools \(folder) \(folder)\n"))
        #expect(worker.contains("ENV PATH=\(folder)/bin:$PATH\n"))
        // What is copied is sent to the build.
        let sent = try String(contentsOfFile: PackageFolder.path(".dockerignore"), encoding: .utf8)
        for match in docker.matches(of: #/\nCOPY ([^-\s]\S*)\s/#) {
            #expect(sent.contains("!\(match.1)\n"), "\(match.1) is ignored")
        }
        // sqlfluff is Python, of the version that its environment was made with.
        for stage in [tools, worker] { #expect(stage.contains("install-recommends python3")) }
        #expect(tools.hasPrefix("debian:12-slim") && docker.contains("FROM debian:12-slim AS runtime"))
    }

    @Test func `the endpoints of the example providers are services of compose yaml`() throws {
        let text = try String(contentsOfFile: PackageFolder.path("examples/providers.yaml"), encoding: .utf8)
        let names = try Self.services().filter { $0.program == "inference-simulator" }
        let ports = names.compactMap { service in
            service.command.firstIndex(of: "--port").map { service.command[$0 + 1] }
        }
        let hosts = text.matches(of: /endpoint: http:\/\/([^:\/]+):(\d+)/).map { (String($0.1), String($0.2)) }
        #expect(!hosts.isEmpty)
        for (host, port) in hosts {
            #expect(names.contains { $0.name == host }, "no service \(host)")
            #expect(ports.contains(port), "no simulator listens on \(port)")
        }
    }
}
