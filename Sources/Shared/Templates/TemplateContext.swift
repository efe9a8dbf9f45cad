package import JSON

/// Gives a template its variables by name.
package protocol TemplateContext {
    /// The value of a variable, nil when there is none of that name.
    func value(named name: String) -> TemplateValue?
}

extension JSONObject: TemplateContext {
    package func value(named name: String) -> TemplateValue? { self[name].map(TemplateValue.init) }
}

extension [String: JSONValue]: TemplateContext {
    package func value(named name: String) -> TemplateValue? { self[name].map(TemplateValue.init) }
}
