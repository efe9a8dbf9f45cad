import Foundation
import JSON
import Postgres
import TestSupport
import Testing

extension EndToEnd {
    /// Images that models make, and image files that models look at.
    @Suite(.serialized) struct ImageTests {
        static let workflow = """
            seed_config: {source: {seed_type: local, path: photos.csv}}
            columns:
              - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
              - {name: art, column_type: image, model_alias: painter, prompt: "Paint {{ id }}"}
              - name: caption
                column_type: llm-text
                model_alias: writer
                prompt: "Caption {{ id }}"
                multi_modal_context:
                  - {modality: image, column_name: art}
                  - {modality: image, column_name: photo}
            model_configs:
              - alias: painter
                model: sim/gpt-image-1
                provider: nim-a
                inference_parameters: {generation_type: image, max_parallel_requests: 4}
              - {alias: writer, model: sim/writer, provider: nim-b, inference_parameters: {max_parallel_requests: 8}}
            """

        /// A GIF of one pixel.
        static let photo = Data(base64Encoded: "R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=") ?? Data()

        @Test func `images are made, kept by their content, shown to other models, and exported`() async throws {
            let cluster = try await TestCluster.make()
            // 640 x 640 pixels: more than one piece of 1 MiB.
            try await cluster.startSimulator([
                "--latency-ms", "2", "--image-side", "640", "--keep-requests", "100", "--keep-bodies",
            ])
            try await cluster.startCoordinator()
            try await cluster.startWorker()
            try Data("photo\nphotos/cat.gif\nphotos/dog.gif\n".utf8).write(
                to: URL(fileURLWithPath: "\(cluster.folder)/photos.csv"))
            try FileManager.default.createDirectory(
                atPath: "\(cluster.folder)/photos", withIntermediateDirectories: true)
            for name in ["cat", "dog"] {
                try Self.photo.write(to: URL(fileURLWithPath: "\(cluster.folder)/photos/\(name).gif"))
            }
            let job = try await cluster.submit(records: 6, workflow: Self.workflow)
            // What was submitted is not looked up again.
            try FileManager.default.removeItem(atPath: "\(cluster.folder)/photos")
            #expect(try await cluster.wait(job) == 0)

            let first = try await cluster.export(job, to: "first")
            let records = try first.split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: Array($0)) }
            #expect(records.count == 6)
            var names: Set<String> = []
            for record in records {
                let name = try #require(record["art"]?[0]?.stringValue)
                let file = try Data(contentsOf: URL(fileURLWithPath: "\(cluster.folder)/first/\(name)"))
                #expect(file.count > 1 << 20 && file.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
                names.insert(name)
            }
            #expect(names.count == 6)

            let captions = try await cluster.requests().filter { $0["model"] == "sim/writer" }
            #expect(captions.count == 6)
            for caption in captions {
                let blocks = try #require(caption["body"]?["messages"]?[0]?["content"]?.arrayValue)
                #expect(blocks.count == 3)
                #expect(
                    blocks[0]["image_url"]?["url"]?.stringValue?.hasPrefix("data:image/png;base64,iVBORw0KGgo") == true)
                #expect(
                    blocks[1]["image_url"]?["url"]?.stringValue
                        == "data:image/gif;base64,\(Self.photo.base64EncodedString())")
            }

            // A second export goes on; one that lost an image makes it again.
            let lost = "\(cluster.folder)/first/\(try #require(names.first))"
            try FileManager.default.removeItem(atPath: lost)
            #expect(try await cluster.export(job, to: "first") == first)
            #expect(FileManager.default.fileExists(atPath: lost))

            // The two photos are one content; with the job all of it goes.
            let pool = cluster.pool
            #expect(try await pool.run(Statement("select count(*)::integer from files"))[0].int32(0) == 7)
            #expect(try await cluster.coordinator(["delete", job, "--yes"]).exit == 0)
            try await eventually("its files and seed data are removed") {
                try await pool.run(
                    Statement(
                        """
                        select (select count(*) from files) + (select count(*) from file_pieces)
                            + (select count(*) from seeds) + (select count(*) from seed_pieces)
                            + (select count(*) from removals)
                        """))[0].int64(0) == 0
            }
            await cluster.stop()
        }

        @Test func `workers that die between an image and its cell lose nothing and double nothing`() async throws {
            let cluster = try await TestCluster.make()
            try await cluster.startSimulator(["--latency-ms", "2", "--image-side", "200"])
            try await cluster.startCoordinator()
            for point in ["worker-after-reply-before-publish:2", "worker-after-publish-before-confirm:2"] {
                try await cluster.startWorker(["TESSERA_CRASH_AT": point])
            }
            let workflow = """
                columns:
                  - {name: id, column_type: sampler, sampler_type: uuid, params: {}}
                  - {name: art, column_type: image, model_alias: painter, prompt: "Paint {{ id }}"}
                model_configs:
                  - alias: painter
                    model: sim/gpt-image-1
                    provider: nim-a
                    inference_parameters: {generation_type: image, max_parallel_requests: 8}
                """
            let job = try await cluster.submit(records: 40, workflow: workflow)
            // Both die; this one finds what they left.
            try await cluster.startWorker()
            #expect(try await cluster.wait(job) == 0)
            let records = try await cluster.export(job).split(separator: UInt8(ascii: "\n"))
            #expect(records.count == 40)
            for record in records {
                let name = try #require(try JSONValue(parsing: Array(record))["art"]?[0]?.stringValue)
                #expect(FileManager.default.fileExists(atPath: "\(cluster.folder)/out/\(name)"), "\(name)")
            }
            let counts = try await cluster.pool.run(
                Statement("select count(*)::integer, count(distinct hash)::integer from job_files"))
            #expect(try counts[0].int32(0) == 40 && counts[0].int32(1) == 40)
            await cluster.stop()
        }

        @Test func `an image that is not there is found before anything is stored`() async throws {
            let cluster = try await TestCluster.make()
            try Data("photo\nphotos/none.gif\n".utf8).write(
                to: URL(fileURLWithPath: "\(cluster.folder)/photos.csv"))
            let path = "\(cluster.folder)/w.yaml"
            try Data(Self.workflow.utf8).write(to: URL(fileURLWithPath: path))
            let answer = try await cluster.coordinator(["submit", path, "-n", "2"])
            #expect(answer.exit == 65)
            #expect(answer.errors.contains("photos/none.gif"))
            #expect(try await cluster.pool.run(Statement("select 1 from jobs")).isEmpty)
            await cluster.stop()
        }
    }
}
