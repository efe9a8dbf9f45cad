import Testing

@testable import Workflow

struct GraphTests {
    @Test func `seeds come first, then samplers in their order, then the rest in file order`() throws {
        let loaded = try workflow(
            """
            seed_config: {source: {seed_type: local, path: x.csv}}
            columns:
              - {name: last, column_type: expression, expr: '{{ middle }} {{ title }}'}
              - {name: child, column_type: sampler, sampler_type: subcategory, params: {category: parent, values: {a: [x]}}}
              - {name: free, column_type: expression, expr: 'x'}
              - {name: middle, column_type: expression, expr: '{{ child }}'}
              - {name: parent, column_type: sampler, sampler_type: category, params: {values: [a]}}
            """)
        #expect(
            loaded.graph.order.map { loaded.columns[$0].name } == [
                "title", "parent", "child", "free", "middle", "last",
            ])
        let last = try #require(loaded.columnIndex("last"))
        #expect(loaded.graph.dependencies[last].map { loaded.columns[$0].name } == ["title", "middle"])
        let middle = try #require(loaded.columnIndex("middle"))
        #expect(loaded.graph.dependents[middle] == [last])
    }

    @Test func `a side effect leads to its producer and a skip only orders`() throws {
        let loaded = try Fixture.load("06-skip-pipeline.json")
        let advert = try #require(loaded.columnIndex("advert"))
        #expect(loaded.graph.dependencies[advert].map { loaded.columns[$0].name } == ["lang"])
        #expect(loaded.graph.skipDependencies[advert].map { loaded.columns[$0].name } == ["in_stock"])
        let traced = try workflow(
            """
            columns:
              - {name: b, column_type: expression, expr: '{{ a__trace }}'}
              - {name: a, column_type: llm-text, prompt: hi, model_alias: openai-text, with_trace: last_message}
            """)
        #expect(traced.graph.dependencies == [[1], []])
        #expect(traced.graph.order == [1, 0])
    }

    @Test func `a column constraint draws its bound first`() throws {
        let loaded = try Fixture.load("02-all-samplers.json")
        let names = loaded.graph.order.map { loaded.columns[$0].name }
        #expect(names.firstIndex(of: "c_poisson")! < names.firstIndex(of: "c_binomial")!)
        #expect(names.firstIndex(of: "c_bernoulli")! < names.firstIndex(of: "c_category")!)
    }

    @Test func `an artifact's compiled file loads without its derived columns`() throws {
        let loaded = try workflow(
            """
            data_designer:
              seed_config: {source: {seed_type: local, path: x.csv}}
              columns:
                - {name: _internal_row_id, column_type: sampler, sampler_type: uuid, params: {}, drop: true}
                - {name: a, column_type: expression, expr: '{{ title }}'}
                - {name: title, column_type: seed-dataset}
            library_version: 0.9.6
            """)
        #expect(loaded.columns.map(\.name) == ["title", "a"])
        #expect(loaded.columns[0].kind == .seed)
    }
}
