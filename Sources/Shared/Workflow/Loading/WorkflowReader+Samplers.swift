import JSON
import Templates

extension WorkflowReader {
    func sampler(_ fields: FieldReader) -> SamplerColumn {
        let type: SamplerType? = fields.requiredChoice("sampler_type")
        let path = fields.path["params"]
        var parameters: SamplerParameters?
        if let node = fields.requiredNode("params"), let type {
            parameters = self.parameters(node, at: path, type: type)
        }
        var conditions: [SamplerColumn.Condition] = []
        if let node = fields.node("conditional_params") {
            let path = fields.path["conditional_params"]
            if case .mapping(let entries) = node.content {
                conditions = entries.compactMap { entry in
                    type.flatMap { condition(entry, at: path[entry.key], type: $0) }
                }
            } else {
                log.report(path, "must be a mapping of conditions to params, not \(node.kindName)")
            }
        }
        let sampler = SamplerColumn(
            type: type ?? .uuid, parameters: parameters ?? .uuid(prefix: nil, isShort: false, isUppercase: false),
            conditions: conditions, conversion: fields.text("convert_to"))
        if type != nil, parameters != nil { checkConversion(sampler, at: fields.path["convert_to"]) }
        return sampler
    }

    private func condition(_ entry: SourceEntry, at path: SourcePath, type: SamplerType) -> SamplerColumn.Condition? {
        let parameters = self.parameters(entry.value, at: path, type: type)
        func report(_ error: TemplateError) {
            let hint = entry.key.contains("{{") ? "Leave the braces out: a condition is an expression" : nil
            log.reportKey(path, "is not a valid condition: \(error.reason)", hint)
        }
        do {
            let expression = try TemplateExpression(parsing: entry.key, name: path.description)
            for error in expression.unreachedErrors { report(error) }
            return parameters.map {
                SamplerColumn.Condition(
                    text: entry.key, expression: expression, names: expression.references.map(\.name).uniqued(),
                    parameters: $0)
            }
        } catch {
            report(error)
            return nil
        }
    }

    private func parameters(_ node: SourceNode, at path: SourcePath, type: SamplerType) -> SamplerParameters? {
        guard let fields = FieldReader(node, at: path, as: type.parametersKind, log) else { return nil }
        if let inner = fields.text("sampler_type"), inner != type.rawValue {
            log.report(
                path["sampler_type"], "says \(inner), but the column's sampler_type is \(type.rawValue)",
                "Leave it out, or make both the same")
            return nil
        }
        let parameters = parameters(type, fields)
        fields.finish()
        return parameters
    }

    private func parameters(_ type: SamplerType, _ fields: FieldReader) -> SamplerParameters {
        switch type {
        case .category: return category(fields)
        case .subcategory: return subcategory(fields)
        case .uniform:
            let low = fields.requiredNumber("low")
            let high = fields.requiredNumber("high")
            if let low, let high, high < low {
                log.report(fields.path["high"], "must not be below low: \(high) is below \(low)")
            }
            return .uniform(low: low ?? 0, high: high ?? 0, decimalPlaces: decimalPlaces(fields))
        case .gaussian:
            let mean = fields.requiredNumber("mean") ?? 0
            let deviation = fields.requiredNumber("stddev") ?? 0
            if deviation < 0 { log.report(fields.path["stddev"], "must not be negative, as \(deviation) is") }
            return .gaussian(mean: mean, standardDeviation: deviation, decimalPlaces: decimalPlaces(fields))
        case .bernoulli: return .bernoulli(p: probability(fields))
        case .bernoulliMixture: return .bernoulliMixture(p: probability(fields), distribution: distribution(fields))
        case .binomial:
            let n = fields.requiredInteger("n") ?? 0
            if n < 0 { log.report(fields.path["n"], "must not be negative, as \(n) is") }
            return .binomial(n: n, p: probability(fields))
        case .poisson:
            let mean = fields.requiredNumber("mean") ?? 0
            if mean < 0 { log.report(fields.path["mean"], "must not be negative, as \(mean) is") }
            return .poisson(mean: mean)
        case .scipy: return .scipy(distribution: distribution(fields), decimalPlaces: decimalPlaces(fields))
        case .datetime: return .datetime(datetime(fields))
        case .timedelta: return .timedelta(timedelta(fields))
        case .uuid:
            return .uuid(
                prefix: fields.text("prefix"), isShort: fields.boolean("short_form", default: false),
                isUppercase: fields.boolean("uppercase", default: false))
        case .person: return .person(person(fields, isManaged: true))
        case .personFromFaker: return .personFromFaker(person(fields, isManaged: false))
        }
    }

    // MARK: Parts

    private func decimalPlaces(_ fields: FieldReader) -> Int? {
        guard let places = fields.integer("decimal_places") else { return nil }
        if !(-300...300).contains(places) { log.report(fields.path["decimal_places"], "must be within -300 and 300") }
        return places
    }

    private func probability(_ fields: FieldReader) -> Double {
        let p = fields.requiredNumber("p") ?? 0
        if !(0...1).contains(p) { log.report(fields.path["p"], "must be within 0 and 1, not \(p)") }
        return p
    }

    private func distribution(_ fields: FieldReader) -> SamplerParameters.Distribution {
        SamplerParameters.Distribution(
            name: fields.requiredText("dist_name"), arguments: fields.requiredObject("dist_params"))
    }

    private func values(_ node: SourceNode, at path: SourcePath) -> [JSONValue] {
        log.items(node, path).compactMap { node, path in
            switch node.content {
            case .text, .integer, .bigInteger, .number: return JSONValue(node)
            case .boolean(let value):
                // The library takes booleans as the numbers 1 and 0: an unquoted `yes` was meant as text.
                log.report(path, "must be text or a number, not \(value)", "Put it in quotes")
                return nil
            default:
                log.report(path, "must be text or a number, not \(node.kindName)")
                return nil
            }
        }
    }

    private func category(_ fields: FieldReader) -> SamplerParameters {
        let values = fields.requiredNode("values").map { self.values($0, at: fields.path["values"]) }
        let written = fields.node("values").map { node -> Int in
            if case .sequence(let items) = node.content { items.count } else { -1 }
        }
        if written == 0 { log.report(fields.path["values"], "must hold at least one value") }
        guard let node = fields.node("weights") else { return .category(values: values ?? [], weights: nil) }
        let path = fields.path["weights"]
        let weights = log.items(node, path).compactMap { log.number($0.node, $0.path) }
        if let written, written > 0, weights.count != written {
            log.report(path, "must be as many as values: \(weights.count) for \(written)")
        }
        return .category(values: values ?? [], weights: normalized(weights, at: path))
    }

    /// Weights divided by their sum.
    func normalized(_ weights: [Double], at path: SourcePath) -> [Double] {
        if let negative = weights.firstIndex(where: { $0 < 0 }) {
            log.report(path[negative], "must not be negative, as \(weights[negative]) is")
            return weights
        }
        let total = weights.reduce(0, +)
        if total == 0 || !total.isFinite { log.report(path, "must not sum to \(total)") }
        // As read back from an export: dividing once more must not change the digits.
        return total == 1 ? weights : weights.map { $0 / total }
    }

    private func subcategory(_ fields: FieldReader) -> SamplerParameters {
        let parent = fields.requiredText("category")
        guard let node = fields.requiredNode("values") else { return .subcategory(parent: parent, values: []) }
        let path = fields.path["values"]
        guard case .mapping(let entries) = node.content else {
            log.report(path, "must be a mapping of the parent's values to lists, not \(node.kindName)")
            return .subcategory(parent: parent, values: [])
        }
        let choices = entries.map { entry -> SamplerParameters.Choice in
            let values = self.values(entry.value, at: path[entry.key])
            if case .sequence(let items) = entry.value.content, items.isEmpty {
                log.report(path[entry.key], "must hold at least one value")
            }
            return SamplerParameters.Choice(parentValue: entry.key, values: values)
        }
        return .subcategory(parent: parent, values: choices)
    }

    private func datetime(_ fields: FieldReader) -> SamplerParameters.DatetimeParameters {
        let start = fields.requiredText("start")
        let end = fields.requiredText("end")
        let unit: SamplerParameters.DatetimeParameters.Unit = fields.choice("unit") ?? .day
        var times: [CivilTime] = []
        for (key, text) in [("start", start), ("end", end)] where !text.isEmpty {
            if let time = CivilTime(parsing: text) {
                times.append(time)
            } else {
                log.report(
                    fields.path[key], "is not a date or time: \(text)", "Write it as 2024-01-31 or 2024-01-31T12:00:00")
            }
        }
        if times.count == 2, times[0] >= times[1] {
            log.report(fields.path["end"], "must be after start: \(end) is not after \(start)")
        }
        return SamplerParameters.DatetimeParameters(start: start, end: end, unit: unit)
    }

    private func timedelta(_ fields: FieldReader) -> SamplerParameters.TimedeltaParameters {
        let minimum = fields.requiredInteger("dt_min")
        let maximum = fields.requiredInteger("dt_max")
        if let minimum, minimum < 0 { log.report(fields.path["dt_min"], "must not be negative, as \(minimum) is") }
        if let minimum, let maximum, minimum >= 0, maximum <= minimum {
            log.report(fields.path["dt_max"], "must be above dt_min: \(maximum) is not above \(minimum)")
        }
        return SamplerParameters.TimedeltaParameters(
            minimum: minimum ?? 0, maximum: maximum ?? 1, referenceColumn: fields.requiredText("reference_column_name"),
            unit: fields.choice("unit") ?? .day)
    }

    private func person(_ fields: FieldReader, isManaged: Bool) -> SamplerParameters.PersonParameters {
        let locale = fields.text("locale") ?? "en_US"
        let locales = isManaged ? Locales.managed : Locales.faker
        if !locales.contains(locale) { log.reportWord(locale, fields.path["locale"], among: locales) }
        let sex = fields.text("sex")
        if let sex, sex != "Male", sex != "Female" {
            log.reportWord(sex, fields.path["sex"], among: ["Male", "Female"])
        }
        var city: JSONValue = .null
        if let node = fields.node("city") {
            if case .sequence = node.content {
                city = .array((fields.texts("city") ?? []).map { .string($0) })
            } else {
                city = fields.text("city").map { .string($0) } ?? .null
            }
        }
        let ages = fields.items("age_range").compactMap { log.integer($0.node, $0.path) }
        var range = 18...114
        if fields.node("age_range") != nil {
            if ages.count == 2, 0 <= ages[0], ages[0] < ages[1], ages[1] <= 114 {
                range = ages[0]...ages[1]
            } else {
                log.report(fields.path["age_range"], "must be two ages within 0 and 114, the lower one first")
            }
        }
        return SamplerParameters.PersonParameters(
            locale: locale, sex: sex, city: city, ageRange: range,
            fieldValues: isManaged ? fieldValues(fields) : nil,
            hasPersonas: isManaged && fields.boolean("with_synthetic_personas", default: false))
    }

    /// A map of field names to lists of texts.
    private func fieldValues(_ fields: FieldReader) -> JSONObject? {
        guard let node = fields.node("select_field_values") else { return nil }
        let path = fields.path["select_field_values"]
        guard case .mapping(let entries) = node.content else {
            log.report(path, "must be a mapping of fields to lists of values, not \(node.kindName)")
            return nil
        }
        return JSONObject(
            entries.map { entry in
                let values = log.items(entry.value, path[entry.key]).compactMap { log.text($0.node, $0.path) }
                return (entry.key, .texts(values))
            })
    }

    private func checkConversion(_ sampler: SamplerColumn, at path: SourcePath) {
        guard let conversion = sampler.conversion else { return }
        switch sampler.type {
        case .uuid, .person, .personFromFaker: break
        case .datetime, .timedelta:
            if let unknown = TimePattern.unsupportedDirective(in: conversion) {
                log.report(path, "is a time pattern with \(unknown), which Tessera does not know")
            } else if !conversion.contains("%") {
                log.report(path, "must be a time pattern such as %Y-%m-%d, not \"\(conversion)\"")
            }
        default:
            if !["int", "float", "str"].contains(conversion) {
                log.reportWord(conversion, path, among: ["int", "float", "str"])
            } else if conversion != "str", let text = textValue(of: sampler) {
                log.report(path, "cannot make \(conversion) of \"\(text)\", a value of this column")
            }
        }
    }

    /// A text that the sampler may draw and that is no number, if there is one.
    private func textValue(of sampler: SamplerColumn) -> String? {
        for parameters in [sampler.parameters] + sampler.conditions.map(\.parameters) {
            let lists: [[JSONValue]] =
                switch parameters {
                case .category(let values, _): [values]
                case .subcategory(_, let choices): choices.map(\.values)
                default: []
                }
            for case .string(let text) in lists.joined() where Double(text) == nil || sampler.conversion == "int" {
                return text
            }
        }
        return nil
    }
}
