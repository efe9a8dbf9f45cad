// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors in this package's own code; the upcoming features keep imports and existentials explicit.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func module(_ name: String, in folder: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(folder)/\(name)", swiftSettings: strict)
}

func tool(_ name: String, at path: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", resources: resources, swiftSettings: strict)
}

let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let flyingFox: Target.Dependency = .product(name: "FlyingFox", package: "FlyingFox")
let flyingSocks: Target.Dependency = .product(name: "FlyingSocks", package: "FlyingFox")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "tessera",
    products: [
        .executable(name: "coordinator", targets: ["coordinator"]),
        .executable(name: "worker", targets: ["worker"]),
        .executable(name: "inference-simulator", targets: ["inference-simulator"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        // C libraries, each behind one wrapper module.
        .target(name: "CLinux", path: "Sources/Shared/CLinux"),
        .systemLibrary(
            name: "COpenSSL", path: "Sources/Shared/COpenSSL", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CRabbitMQ", path: "Sources/Shared/CRabbitMQ", pkgConfig: "librabbitmq",
            providers: [.apt(["librabbitmq-dev"])]),
        .systemLibrary(
            name: "CPostgres", path: "Sources/Coordinator/CPostgres", pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "CCurl", path: "Sources/Worker/CCurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]),

        // Shared.
        module("AMQP", in: "Shared", ["CRabbitMQ", "EventLoop", deque, logging]),
        module("BrokerLayout", in: "Shared", ["AMQP", "Messages"]),
        module("CellValues", in: "Shared", ["JSON", "Messages"]),
        module("CrashPoints", in: "Shared"),
        module("Digest", in: "Shared", ["COpenSSL"]),
        module("EventLoop", in: "Shared", ["CLinux"]),
        module("JSON", in: "Shared"),
        module("JSONSchema", in: "Shared", ["JSON"]),
        module("Messages", in: "Shared", [protobuf]),
        module("Monitoring", in: "Shared", [flyingFox, flyingSocks, logging, metrics]),
        module("Processes", in: "Shared", ["CLinux"]),
        module("Random", in: "Shared"),
        module("Settings", in: "Shared", ["Spelling", yams]),
        module("Spelling", in: "Shared"),
        module("Telemetry", in: "Shared", [logging]),
        module("Templates", in: "Shared", ["JSON"]),
        module("Workflow", in: "Shared", ["Digest", "JSON", "Spelling", "Templates", yams]),

        // Coordinator.
        module(
            "Collecting", in: "Coordinator",
            [
                "AMQP", "BrokerLayout", "CellValues", "CrashPoints", "Digest", "JSON", "Messages", "Monitoring",
                "Postgres", "Random",
                "Records", "Sampling", "Scheduling", "Seeds", "Statistics", "Store", "Templates", "Workflow", deque,
                logging,
            ]),
        module(
            "Export", in: "Coordinator",
            ["Digest", "JSON", "Postgres", "Records", "Scheduling", "Statistics", "Store", "Workflow"]),
        module("LocalServices", in: "Coordinator", ["Processes", logging]),
        module("Postgres", in: "Coordinator", ["CPostgres", "EventLoop", "Processes", deque, logging]),
        module(
            "Previewing", in: "Coordinator",
            [
                "CellValues", "Checks", "Collecting", "EventLoop", "Generation", "HTTP", "Inference", "JSON",
                "Messages", "Records",
                "Sampling",
                "Scheduling", "Store", "Throttle", "Workflow",
            ]),
        module("Records", in: "Coordinator", ["JSON", "Random", "Templates", "Workflow"]),
        module("Sampling", in: "Coordinator", ["JSON", "Random", "Templates", "Workflow"]),
        module("Scheduling", in: "Coordinator", ["Messages", deque]),
        module("Statistics", in: "Coordinator", ["JSON"]),
        module("Seeds", in: "Coordinator", ["JSON", "Random", "Workflow"]),
        module("Store", in: "Coordinator", ["Messages", "Postgres", "Scheduling"]),
        tool(
            "coordinator", at: "Sources/Coordinator/Commands",
            [
                "AMQP", "Checks", "Collecting", "Digest", "Export", "Inference", "InferenceSimulation", "JSON",
                "LocalServices",
                "Messages", "Monitoring", "Postgres", "Previewing", "Random", "Records", "Sampling", "Seeds",
                "Settings", "Spelling",
                "Statistics", "Store", "Telemetry", "Templates", "Workflow", arguments, logging,
            ]),

        // Worker.
        module("Answers", in: "Worker", ["JSON", "JSONSchema"]),
        module("Checks", in: "Worker", ["Inference", "JSON", "Messages", "Processes"]),
        module(
            "Delivering", in: "Worker",
            [
                "AMQP", "BrokerLayout", "CLinux", "Checks", "CrashPoints", "Digest", "EventLoop", "Generation", "HTTP",
                "Inference", "Messages", "Monitoring", "Processes", "Throttle", deque, logging,
            ]),
        module(
            "Generation", in: "Worker",
            [
                "Answers", "CellValues", "Checks", "Digest", "Inference", "JSON", "JSONSchema", "Messages", "Random",
                "Templates",
            ]),
        module("HTTP", in: "Worker", ["CCurl", "EventLoop"]),
        module("Inference", in: "Worker", ["HTTP", "JSON", yams]),
        module("Throttle", in: "Worker"),
        tool(
            "worker", at: "Sources/Worker/Commands",
            [
                "AMQP", "Checks", "Delivering", "Inference", "Messages", "Monitoring", "Settings", "Spelling",
                "Telemetry",
                arguments, logging,
            ]),

        // A fake vLLM/NIM for demos, tests and benchmarks.
        .target(
            name: "InferenceSimulation", dependencies: ["EventLoop"],
            path: "Sources/InferenceSimulator/InferenceSimulation", swiftSettings: strict),
        tool("inference-simulator", at: "Sources/InferenceSimulator/Command", ["InferenceSimulation", arguments]),

        // The language's own benchmark, fuzzer and comparison.
        .target(
            name: "LanguageFuzzing", dependencies: ["Answers", "JSON", "JSONSchema", "Templates", "Workflow"],
            path: "Sources/LanguageTool/LanguageFuzzing", swiftSettings: strict),
        tool(
            "tessera-language", at: "Sources/LanguageTool/Command",
            ["JSON", "LanguageFuzzing", "Records", "Templates", "Workflow", arguments]),

        tool(
            "tessera-bench", at: "Sources/Benchmarks",
            ["JSON", "LocalServices", "Postgres", "Sampling", "Workflow", arguments, logging]),

        // Tests. Pure parts first, then those that need services, then whole clusters.
        tests("AnswersTests", ["Answers", "JSON", "JSONSchema"], resources: [.copy("Corpus")]),
        tests("ChecksTests", ["Checks", "Inference", "JSON", "Messages"], resources: [.copy("Corpus")]),
        tests(
            "CollectingTests",
            ["AMQP", "CellValues", "Collecting", "JSON", "Messages", "Scheduling", "Store", "Workflow", logging]),
        tests("CrashPointsTests", ["CrashPoints"]),
        tests("DeliveringTests", ["AMQP", "Delivering", "EventLoop", "Inference", "Messages", "Throttle", logging]),
        tests("EventLoopTests", ["EventLoop"]),
        tests("GenerationTests", ["CellValues", "Generation", "Inference", "JSON", "Messages"]),
        tests("InferenceTests", ["HTTP", "Inference", "JSON"]),
        tests("JSONSchemaTests", ["JSON", "JSONSchema"]),
        tests("JSONTests", ["JSON"]),
        tests("LanguageFuzzingTests", ["LanguageFuzzing"]),
        tests(
            "PreviewingTests",
            [
                "CellValues", "Collecting", "Generation", "HTTP", "Inference", "JSON", "Messages", "Previewing",
                "Store", "Workflow",
            ],
            resources: [.copy("Corpus")]),
        tests("ProcessesTests", ["Processes"]),
        tests("RandomTests", ["Random"]),
        tests("RecordsTests", ["JSON", "Records", "Workflow"], resources: [.copy("Corpus")]),
        tests("SamplingTests", ["JSON", "Random", "Sampling", "Workflow"]),
        tests("SchedulingTests", ["Messages", "Scheduling"]),
        tests("SeedsTests", ["JSON", "Seeds", "Workflow"], resources: [.copy("Corpus")]),
        tests("SettingsTests", ["Settings"]),
        tests("MonitoringTests", ["Monitoring", metrics]),
        tests("StatisticsTests", ["JSON", "Statistics"]),
        tests("SpellingTests", ["Spelling"]),
        tests("StoreTests", ["Messages", "Postgres", "Scheduling", "Store", "TestSupport", logging]),
        tests("TelemetryTests", ["Telemetry", logging]),
        tests("TemplatesTests", ["JSON", "Templates"], resources: [.copy("Corpus")]),
        tests("ThrottleTests", ["Throttle"]),
        tests("WorkflowTests", ["JSON", "Workflow"], resources: [.copy("Fixtures")]),

        tests("AMQPTests", ["AMQP", logging]),
        tests("HTTPTests", ["EventLoop", "HTTP", "InferenceSimulation"]),
        tests("InferenceSimulatorTests", ["InferenceSimulation", "inference-simulator", arguments]),
        tests("LocalServicesTests", ["AMQP", "LocalServices", "Processes", "service-host", logging]),
        tests("MessagesTests", ["Messages"]),
        tests("PostgresTests", ["Postgres", logging]),

        .target(
            name: "TestSupport",
            dependencies: ["AMQP", "JSON", "JSONSchema", "LocalServices", "Messages", "Postgres", logging],
            path: "Tests/TestSupport", swiftSettings: strict),
        .executableTarget(
            name: "service-host", dependencies: ["LocalServices", "Telemetry", logging], path: "Tests/ServiceHost",
            swiftSettings: strict),
        tests(
            "ChaosTests",
            ["JSON", "LocalServices", "Postgres", "TestSupport", "coordinator", "inference-simulator", "worker"]),
        tests("CommandTests", ["JSON", "Postgres", "TestSupport", "coordinator", logging]),
        tests(
            "EndToEndTests",
            [
                "AMQP", "JSON", "LocalServices", "Messages", "Postgres", "Processes", "Settings", "TestSupport",
                "coordinator",
                "inference-simulator", "worker", yams,
            ]),
    ]
)
