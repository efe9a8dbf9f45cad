/// The workflows that are measured. Every prompt is distinct: it quotes a uuid.
enum BenchWorkflow {
    /// One sampler and one text column.
    static func text(cap: Int) -> String { samplers + column("text", needs: "id") + models(cap) }

    /// Two text columns, the second of which needs the first.
    static func chain(cap: Int) -> String {
        samplers + column("first", needs: "id") + column("second", needs: "first") + models(cap)
    }

    /// One structured column: six required fields, one of them an enum.
    static func structured(cap: Int) -> String {
        samplers + """
              - name: text
                column_type: llm-structured
                model_alias: model
                prompt: "Write one short product description for product {{ id }}. Mention who would buy it and why, in two sentences."
                output_format:
                  type: object
                  properties:
                    title: {type: string}
                    description: {type: string}
                    price: {type: number, minimum: 1, maximum: 900}
                    stock: {type: integer, minimum: 0, maximum: 90}
                    audience: {type: string}
                    kind: {type: string, enum: [tool, toy, book, food]}
                  required: [title, description, price, stock, audience, kind]

            """ + models(cap)
    }

    private static let samplers = """
        columns:
          - name: id
            column_type: sampler
            sampler_type: uuid
            params: {}

        """

    private static func column(_ name: String, needs: String) -> String {
        """
          - name: \(name)
            column_type: llm-text
            model_alias: model
            prompt: "Write one short product description for product {{ \(needs) }}. Mention who would buy it and why, in two sentences."

        """
    }

    private static func models(_ cap: Int) -> String {
        """
        model_configs:
          - alias: model
            model: sim-fast
            provider: bench
            inference_parameters: {max_parallel_requests: \(cap), temperature: 0.7, max_tokens: 256}

        """
    }
}
