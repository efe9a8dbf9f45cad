import Foundation
package import JSON

/// Two models, two independent text columns, one that needs both (one of them through an expression), an expression,
/// a dropped sampler.
package enum TestWorkflow {
    package static let yaml = """
        columns:
          - name: id
            column_type: sampler
            sampler_type: uuid
            params: {}
          - name: topic
            column_type: sampler
            sampler_type: category
            params: {values: [garden, kitchen, music]}
          - name: stars
            column_type: sampler
            sampler_type: uniform
            params: {low: 1, high: 5}
            convert_to: int
          - name: mood
            column_type: sampler
            sampler_type: category
            params: {values: [calm, angry]}
            drop: true
          - name: title
            column_type: llm-text
            model_alias: writer
            prompt: "Title {{ id }} about {{ topic }}"
          - name: body
            column_type: llm-text
            model_alias: critic
            system_prompt: "You are {{ mood }}."
            prompt: "Body {{ id }} with {{ stars }} stars"
          - name: review
            column_type: llm-text
            model_alias: writer
            prompt: "Review {{ id }} of {{ heading }} and {{ body }}"
          - name: heading
            column_type: expression
            expr: "{{ title | upper }}"
          - name: label
            column_type: expression
            expr: "{{ topic | upper }}-{{ stars }}"
        model_configs:
          - alias: writer
            model: sim/writer
            provider: nim-a
            inference_parameters: {max_parallel_requests: 64}
          - alias: critic
            model: sim/critic
            provider: nim-b
            inference_parameters: {max_parallel_requests: 64}
        """

    /// Model cells of one record.
    package static let callsPerRecord = 3

    /// What is wrong with an exported record; nil when every value belongs to its own prompt.
    package static func fault(in record: JSONValue) -> String? {
        func text(_ name: String) -> String { record[name]?.stringValue ?? "" }
        let stars = record["stars"]?.intValue ?? -1
        let prompts = [
            ("title", "Title \(text("id")) about \(text("topic"))"),
            ("body", "Body \(text("id")) with \(stars) stars"),
            ("review", "Review \(text("id")) of \(text("heading")) and \(text("body"))"),
        ]
        for (column, prompt) in prompts where !text(column).contains("echo=\(Echo.hash(of: prompt))") {
            return "\(column) does not belong to its prompt \(prompt.prefix(80))"
        }
        if text("heading") != text("title").uppercased() { return "heading is \(text("heading"))" }
        if text("label") != "\(text("topic").uppercased())-\(stars)" { return "label is \(text("label"))" }
        if record["mood"] != nil { return "mood was not dropped" }
        return nil
    }
}

/// The simulator's proof of which prompt it answered: FNV-1a 64 of the last user message.
package enum Echo {
    package static func hash(of prompt: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in prompt.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
