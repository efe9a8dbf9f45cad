import Foundation
import TestSupport
import Testing

/// What commands say to input that cannot be meant, before anything is started.
struct BadInputTests {
    private static let modelled = """
        model_configs: [{alias: m, model: tiny, provider: local}]
        columns:
          - {name: a, column_type: llm-text, model_alias: m, prompt: "hello"}
        """
    private static let unmodelled = "columns: [{name: a, column_type: sampler, sampler_type: uuid, params: {}}]"

    private func expect(
        _ arguments: [String], _ exit: Int32, _ text: String, at location: SourceLocation = #_sourceLocation
    ) throws {
        let run = try CommandRun(arguments)
        #expect(run.exit == exit, "\(run.talk)", sourceLocation: location)
        #expect(run.talk.contains(text), "\(run.talk)", sourceLocation: location)
    }

    @Test func `an unknown command is named before its options`() throws {
        try expect(["rum", "x.yaml", "-n", "5"], 64, "no command \"rum\". Did you mean run?")
        try expect(["help", "nosuch"], 64, "no command \"nosuch\"")
    }

    @Test func `numbers below the least are refused as numbers`() throws {
        for command in ["run", "submit", "plan"] {
            try expect([command, "w.yaml", "-n", "-5"], 64, "-n must be at least 1")
        }
        try expect(["run", "w.yaml", "-n", "5", "--workers", "-1"], 64, "--workers must be at least 1")
        try expect(["list", "--limit", "-1"], 64, "--limit must be at least 1")
        try expect(["list", "--limit", "0"], 64, "--limit must be at least 1")
    }

    @Test(arguments: ["../../esc", "", "a b", ".x", "-x", String(repeating: "x", count: 101)])
    func `a name that is no folder's name is refused`(name: String) throws {
        // What begins with a hyphen is a value only so.
        let flag = name.hasPrefix("-") ? ["--name=\(name)"] : ["--name", name]
        for command in ["run", "submit"] {
            try expect([command, "w.yaml", "-n", "5"] + flag, 64, "a name has letters")
        }
    }

    @Test func `empty folders and jobs are refused`() throws {
        try expect(["run", "w.yaml", "-n", "5", "--to", ""], 64, "--to is empty")
        try expect(["export", "job", "--to", ""], 64, "--to is empty")
        try expect(["delete", "", "--yes"], 64, "JOB is empty")
    }

    @Test func `a workflow file that is not there is named without a line`() throws {
        try expect(["run", "nope.yaml", "-n", "5"], 65, "error: no such file: nope.yaml\n")
        try expect(["validate", "nope.yaml"], 65, "error: no such file: nope.yaml\n")
        try expect(["validate", "/"], 65, "error: / is a folder\n")
    }

    @Test func `run checks its providers before anything is started`() throws {
        let workflow = try TemporaryFile(Self.modelled, "w.yaml")
        func run(_ providers: String) -> [String] {
            ["run", workflow.path, "-n", "5", "--providers", providers, "--to", workflow.path + "-out"]
        }
        try expect(run("nope.yaml"), 78, "cannot read nope.yaml")
        let other = try TemporaryFile("providers: [{name: other, endpoint: 'http://127.0.0.1:1/v1'}]", "p.yaml")
        try expect(run(other.path), 78, "no provider \"local\", which the workflow calls")
        let keyed = try TemporaryFile(
            "providers: [{name: local, endpoint: 'http://127.0.0.1:1/v1', api_key: NO_SUCH_KEY_HERE}]", "p.yaml")
        try expect(run(keyed.path), 78, "NO_SUCH_KEY_HERE")
    }

    @Test func `run checks its folders before anything is started`() throws {
        let workflow = try TemporaryFile(Self.unmodelled, "w.yaml")
        let folder = (workflow.path as NSString).deletingLastPathComponent
        try expect(["run", workflow.path, "-n", "5", "--to", folder], 73, "holds other files")
        try expect(["run", workflow.path, "-n", "5", "--to", workflow.path], 73, "is not a folder")
        try expect(
            ["run", workflow.path, "-n", "5", "--to", folder + "/out", "--state-dir", workflow.path], 73, "is a file")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["w.yaml"])
    }

    @Test func `a database of another kind is told by its scheme`() throws {
        try expect(["list", "--database", "mysql://x/y"], 78, "must begin with postgresql://")
    }
}
