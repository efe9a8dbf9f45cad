import ArgumentParser

@main
struct LanguageTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tessera-language",
        abstract: "Measures, fuzzes and compares the workflow language: what its developers need, and nobody else.",
        subcommands: [Bench.self, Fuzz.self, Cases.self, Render.self, Compatibility.self])
}
