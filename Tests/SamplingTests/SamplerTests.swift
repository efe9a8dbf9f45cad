import JSON
import Testing
import Workflow

@testable import Sampling

struct SamplerTests {
    @Test func `a value does not depend on the range in which it is drawn`() throws {
        let text = """
            columns:
              - {name: u, column_type: sampler, sampler_type: uniform, params: {low: 0, high: 1}}
              - {name: c, column_type: sampler, sampler_type: category, params: {values: [a, b, c], weights: [2, 1, 1]}}
              - {name: s, column_type: sampler, sampler_type: subcategory, params: {category: c, values: {a: [1, 2], b: [x], c: [y, z]}}}
              - {name: i, column_type: sampler, sampler_type: uuid, params: {short_form: true}}
              - {name: g, column_type: sampler, sampler_type: gaussian, params: {mean: 0, stddev: 1}}
            constraints: [{target_column: g, operator: gt, rhs: u}]
            """
        let workflow = try #require(
            Workflow.load(text: text, name: "f", format: .yaml, capabilities: nil).workflow)
        let sampler = try Sampler(workflow: workflow, seed: 99)
        let whole = sampler.draw(records: 0..<100)
        for start in stride(from: 0, to: 100, by: 7).reversed() {
            let end = min(start + 7, 100)
            let part = sampler.draw(records: Int64(start)..<Int64(end))
            for (column, values) in whole.values.enumerated() {
                #expect(part.values[column] == Array(values[start..<end]))
            }
        }
    }

    @Test func `a column keeps its values when another joins the workflow`() throws {
        let own = "  - {name: u, column_type: sampler, sampler_type: uniform, params: {low: 0, high: 1}}"
        let other = "  - {name: v, column_type: sampler, sampler_type: uniform, params: {low: 0, high: 1}}"
        let alone = try sampled(own, 10)
        let together = try sampled(other + "\n" + own, 10)
        #expect(alone["u"] == together["u"])
        #expect(together["u"] != together["v"])
    }

    @Test func `uniform numbers fill their range`() throws {
        let values = try draws("{sampler_type: uniform, params: {low: -2, high: 3}}", 20_000).compactMap(\.doubleValue)
        #expect(values.allSatisfy { $0 >= -2 && $0 < 3 })
        var counts = [Int](repeating: 0, count: 10)
        for value in values { counts[Int((value + 2) * 2)] += 1 }
        expectChiSquare(counts, probabilities: Array(repeating: 0.1, count: 10))
    }

    @Test func `decimal places round half to even and conversions follow`() throws {
        let cents = try draws("{sampler_type: uniform, params: {low: 0, high: 10, decimal_places: 2}}", 500)
        #expect(cents.compactMap(\.doubleValue).allSatisfy { ($0 * 100).rounded() / 100 == $0 })
        let tens = try draws(
            "{sampler_type: uniform, convert_to: int, params: {low: 0, high: 100, decimal_places: -1}}", 500)
        #expect(Set(tens).isSubset(of: Set((0...10).map { JSONValue.integer($0 * 10) })))
        let texts = try draws(
            "{sampler_type: uniform, convert_to: str, params: {low: 1, high: 9, decimal_places: 0}}", 50)
        #expect(Set(texts).isSubset(of: Set((1...9).map { JSONValue.string("\($0).0") })))
        #expect(PortableMath.rounded(2.5, places: 0) == 2)
        #expect(PortableMath.rounded(0.125, places: 2) == 0.12)
    }

    @Test func `a category draws by weight`() throws {
        let values = try draws(
            "{sampler_type: category, params: {values: [a, b, c, d], weights: [4, 2, 1, 0]}}", 20_000)
        let counts = ["a", "b", "c"].map { name in values.filter { $0 == .string(name) }.count }
        #expect(counts.reduce(0, +) == values.count)
        expectChiSquare(counts, probabilities: [4.0 / 7, 2.0 / 7, 1.0 / 7])
    }

    @Test(arguments: [
        ("[1, 2]", "[1,2]"), ("[1, 2.5]", "[1.0,2.5]"), ("[a, 3, 4.5]", #"["3","4.5","a"]"#),
        ("['1', 1.0e+20]", #"["1","1e+20"]"#),
    ])
    func `a list of values has one type`(list: String, expected: String) throws {
        let values = Set(try draws("{sampler_type: category, params: {values: \(list)}}", 200))
        let sorted = values.map { $0.serialized() }.sorted()
        #expect("[\(sorted.joined(separator: ","))]" == expected)
    }

    @Test func `a uuid has 32 digits, its version, and a prefix that stays as it is`() throws {
        let long = try draws("{sampler_type: uuid, params: {prefix: id-, uppercase: true}}", 1_000).compactMap(
            \.stringValue)
        #expect(Set(long).count == 1_000)
        for text in long {
            let digits = Array(text.dropFirst(3))
            #expect(text.hasPrefix("id-") && digits.count == 32 && digits[12] == "4" && "89AB".contains(digits[16]))
            #expect(digits.allSatisfy { $0.isHexDigit && !$0.isLowercase })
        }
        var counts = [Int](repeating: 0, count: 16)
        for text in long { counts[text.last?.hexDigitValue ?? 0] += 1 }
        expectChiSquare(counts, probabilities: Array(repeating: 1.0 / 16, count: 16))
    }

    @Test func `short uuids never repeat`() throws {
        let short = try draws("{sampler_type: uuid, params: {short_form: true}}", 200_000).compactMap(\.stringValue)
        #expect(Set(short).count == 200_000)
        #expect(short.allSatisfy { $0.count == 8 })
        var counts = [Int](repeating: 0, count: 256)
        for text in short { counts[Int(text.prefix(2), radix: 16) ?? 0] += 1 }
        expectChiSquare(counts, probabilities: Array(repeating: 1.0 / 256, count: 256))
    }

    @Test func `discrete samplers draw their own distributions`() throws {
        let coins = try draws("{sampler_type: bernoulli, params: {p: 0.3}}", 20_000).compactMap(\.intValue)
        expectChiSquare([coins.filter { $0 == 0 }.count, coins.filter { $0 == 1 }.count], probabilities: [0.7, 0.3])
        let binomial = moments(
            try draws("{sampler_type: binomial, params: {n: 50, p: 0.9}}", 20_000).compactMap(\.doubleValue))
        #expect(abs(binomial.mean - 45) < 0.07 && abs(binomial.variance - 4.5) < 0.25)
        let poisson = moments(
            try draws("{sampler_type: poisson, params: {mean: 12}}", 20_000).compactMap(\.doubleValue))
        #expect(abs(poisson.mean - 12) < 0.12 && abs(poisson.variance - 12) < 0.6)
        let normal = moments(
            try draws("{sampler_type: gaussian, params: {mean: -3, stddev: 0.5}}", 20_000).compactMap(\.doubleValue))
        #expect(abs(normal.mean + 3) < 0.02 && abs(normal.variance - 0.25) < 0.012)
        for (p, value) in [("0", JSONValue.integer(0)), ("1", .integer(1))] {
            #expect(Set(try draws("{sampler_type: bernoulli, params: {p: \(p)}}", 100)) == [value])
        }
    }

    @Test func `a mixture is exactly zero with the rest of its probability`() throws {
        let values = try draws(
            "{sampler_type: bernoulli_mixture, params: {p: 0.4, dist_name: expon, dist_params: {scale: 100}}}", 20_000)
        let zeros = values.filter { $0 == .number(0) }.count
        expectChiSquare([zeros, values.count - zeros], probabilities: [0.6, 0.4])
        let others = moments(values.compactMap(\.doubleValue).filter { $0 > 0 })
        #expect(abs(others.mean - 100) < 5)
    }

    @Test func `a subcategory follows its parent`() throws {
        let columns = """
              - {name: s, column_type: sampler, sampler_type: subcategory, params: {category: c, values: {n: [n1, n2], s: [1, 2.5]}}}
              - {name: c, column_type: sampler, sampler_type: category, params: {values: [n, s]}}
            """
        let drawn = try sampled(columns, 2_000)
        let pairs = zip(try #require(drawn["c"]), try #require(drawn["s"])).map {
            "\($0.serialized())\($1.serialized())"
        }
        #expect(Set(pairs) == [#""n""n1""#, #""n""n2""#, #""s"1.0"#, #""s"2.5"#])
    }

    @Test(arguments: [
        ("Y", "01-01T00:00:00"), ("M", "-01T00:00:00"), ("D", "T00:00:00"), ("h", ":00:00"), ("m", ":00"), ("s", ""),
    ])
    func `times are cut to their unit`(unit: String, suffix: String) throws {
        let values = try draws(
            "{sampler_type: datetime, params: {start: 2020-03-05, end: 2023-06-01T12:30:30, unit: \(unit)}}", 500)
        for value in values {
            let text = try #require(value.stringValue)
            #expect(text.count == 19 && text.hasSuffix(suffix))
            #expect(text >= "2020-01-01" && text < "2023-06-01T12:30:30")
        }
        #expect(Set(values).count > (unit == "Y" ? 3 : 30))
    }

    @Test func `a timedelta adds whole units to its reference and may follow another`() throws {
        let columns = """
              - {name: d, column_type: sampler, sampler_type: datetime, params: {start: "2024", end: "2025", unit: h}}
              - {name: t, column_type: sampler, sampler_type: timedelta, params: {dt_min: 1, dt_max: 4, reference_column_name: d, unit: D}}
              - {name: u, column_type: sampler, sampler_type: timedelta, convert_to: "%d/%m/%Y %H:%M", params: {dt_min: 0, dt_max: 1, reference_column_name: t}}
            """
        let drawn = try sampled(columns, 1_000)
        var counts = [Int](repeating: 0, count: 3)
        for row in 0..<1_000 {
            let start = try #require(CivilTime(parsing: drawn["d"]?[row].stringValue ?? ""))
            let end = try #require(CivilTime(parsing: drawn["t"]?[row].stringValue ?? ""))
            let days = (end.seconds - start.seconds) / 86_400
            #expect((end.seconds - start.seconds) % 86_400 == 0 && (1...3).contains(days))
            counts[Int(days) - 1] += 1
            #expect(drawn["u"]?[row].stringValue == TimePattern("%d/%m/%Y %H:%M")?.format(end))
        }
        expectChiSquare(counts, probabilities: Array(repeating: 1.0 / 3, count: 3))
    }

    @Test func `constraints hold for every record`() throws {
        let columns = """
              - {name: a, column_type: sampler, sampler_type: uniform, params: {low: 0, high: 10, decimal_places: 1}}
              - {name: b, column_type: sampler, sampler_type: poisson, params: {mean: 4}}
              - {name: e, column_type: sampler, sampler_type: datetime, params: {start: "2024", end: "2025"}}
              - {name: f, column_type: sampler, sampler_type: datetime, params: {start: "2024", end: "2025"}}
            """
        let constraints = """
            constraints:
              - {target_column: a, operator: le, rhs: 9.5}
              - {target_column: a, operator: gt, rhs: b}
              - {target_column: b, operator: lt, rhs: 8}
              - {target_column: f, operator: ge, rhs: e}
            """
        let drawn = try sampled(columns, more: constraints, 3_000)
        for row in 0..<3_000 {
            let a = try #require(drawn["a"]?[row].doubleValue)
            let b = try #require(drawn["b"]?[row].doubleValue)
            #expect(a <= 9.5 && a > b && b < 8)
            #expect((drawn["f"]?[row].stringValue ?? "") >= (drawn["e"]?[row].stringValue ?? "z"))
        }
    }

    @Test func `a constraint that cannot be met names column and record`() throws {
        let loaded = Workflow.load(
            text: """
                columns: [{name: a, column_type: sampler, sampler_type: uniform, params: {low: 0, high: 1}}]
                constraints: [{target_column: a, operator: gt, rhs: 2}]
                """, name: "f", format: .yaml)
        let sampler = try Sampler(workflow: try #require(loaded.workflow), seed: 1)
        let drawn = sampler.draw(records: 5..<7)
        #expect(drawn.failures.keys.sorted() == [5, 6] && drawn.values == [[.null, .null]])
        let error = try #require(drawn.failures[5])
        #expect(error.code == .constraintsNotMet && error.column == "a" && error.record == 5)
    }

    @Test func `a record that cannot be drawn takes no other with it, however the work is cut`() throws {
        let loaded = Workflow.load(
            text: """
                columns:
                  - {name: c, column_type: sampler, sampler_type: category, params: {values: [1, 9]}}
                  - {name: a, column_type: sampler, sampler_type: uniform, params: {low: 0, high: 5}}
                  - {name: d, column_type: sampler, sampler_type: uniform, params: {low: 0, high: 1}}
                constraints: [{target_column: a, operator: gt, rhs: c}]
                """, name: "f", format: .yaml)
        let sampler = try Sampler(workflow: try #require(loaded.workflow), seed: 1)
        let whole = sampler.draw(records: 0..<40)
        #expect(whole.failures.count > 5 && whole.failures.count < 35)
        for record in Int64(0)..<40 {
            #expect((whole.values[0][Int(record)] == 9) == (whole.failures[record] != nil))
            let alone = sampler.draw(records: record..<(record + 1))
            #expect(alone.values.map { $0[0] } == whole.values.map { $0[Int(record)] })
        }
    }

    @Test(arguments: ["en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT"])
    func `a person has the library's fields in its order`(locale: String) throws {
        let people = try draws(
            "{sampler_type: person_from_faker, params: {locale: \(locale), age_range: [16, 20], sex: Female, city: [X, Y]}}",
            400)
        var cities: Set<JSONValue> = []
        for person in people {
            let fields = try #require(person.objectValue)
            #expect(
                fields.keys == [
                    "uuid", "locale", "first_name", "last_name", "middle_name", "sex", "street_number", "street_name",
                    "city", "state", "postcode", "age", "birth_date", "country", "marital_status", "education_level",
                    "unit", "occupation", "phone_number", "bachelors_field",
                ])
            #expect(fields["sex"] == "Female" && fields["uuid"]?.stringValue?.count == 36)
            cities.insert(fields["city"] ?? .null)
            let age = try #require(fields["age"]?.intValue)
            #expect((16...20).contains(age) && (fields["phone_number"] == .null) == (age < 18))
            let born = try #require(CivilTime(parsing: fields["birth_date"]?.stringValue ?? "")).fields
            // Counted on 1 January 2026, so that only who was born on a January 1st has a birthday that year.
            #expect(2026 - born.year - (born.dayOfYear == 1 ? 0 : 1) == age)
            let hasDegree = ["bachelors", "graduate", "doctorate"].contains(fields["education_level"]?.stringValue)
            #expect((fields["bachelors_field"] != "no_degree") == hasDegree)
            for text in [fields["postcode"], fields["street_name"], fields["phone_number"]].compactMap({
                $0?.stringValue
            }) {
                #expect(!text.contains { "#%@{}".contains($0) } && !text.isEmpty)
            }
        }
        #expect(cities == ["X", "Y"])
    }

    /// A change here changes the data of every seed, and must raise `RandomSource.generatorVersion`.
    @Test func `a seed gives these values under generator version 1`() throws {
        let columns = """
              - {name: c, column_type: sampler, sampler_type: category, params: {values: [a, b, c], weights: [2, 1, 1]}}
              - {name: u, column_type: sampler, sampler_type: uniform, params: {low: 0, high: 1}}
              - {name: g, column_type: sampler, sampler_type: gaussian, params: {mean: 0, stddev: 1}}
              - {name: p, column_type: sampler, sampler_type: poisson, params: {mean: 100}}
              - {name: n, column_type: sampler, sampler_type: binomial, params: {n: 100, p: 0.4}}
              - {name: b, column_type: sampler, sampler_type: scipy, params: {dist_name: beta, dist_params: {a: 2, b: 5}}}
              - {name: i, column_type: sampler, sampler_type: uuid, params: {}}
              - {name: s, column_type: sampler, sampler_type: uuid, params: {short_form: true, prefix: S-}}
              - {name: d, column_type: sampler, sampler_type: datetime, params: {start: "2024", end: "2025", unit: s}}
            """
        let drawn = try sampled(columns, 2, seed: 42)
        let lines = drawn.keys.sorted().map { "\($0) \(JSONValue.array(drawn[$0] ?? []).serialized())" }
        #expect(
            lines == [
                "b [0.5506514895215882,0.1850860554627676]", #"c ["c","c"]"#,
                #"d ["2024-05-18T02:52:26","2024-03-25T02:18:53"]"#, "g [-0.397735282200191,0.9856181530636997]",
                #"i ["c252e41da564429aa82dace68abf24fc","169225c39b9b4315a00c8cd13e58a79b"]"#, "n [45,39]",
                "p [87,88]", #"s ["S-4baaf101","S-0f7c92eb"]"#, "u [0.6688983917557079,0.1083803923586576]",
            ])
    }

    /// Pins all branches of the rejection methods, of which the statistics above see the rarer ones too coarsely; these
    /// sums were taken when 4,000,000 draws of each distribution met scipy's probabilities.
    @Test(arguments: [
        ("poisson", "{mu: 40}", 199880.0), ("poisson", "{mu: 3.5}", 17428.0), ("binom", "{n: 200, p: 0.3}", 299830.0),
        ("geom", "{p: 0.2}", 25199.0), ("gamma", "{a: 2.5}", 12545.288368031925),
        ("gamma", "{a: 0.3}", 1474.0759098620874), ("beta", "{a: 0.4, b: 0.7}", 1842.6711830405561),
        ("t", "{df: 4}", 59.76667185937698), ("weibull_min", "{c: 1.7}", 4484.465516493457),
        ("pareto", "{b: 2.6}", 8254.302799859383), ("triang", "{c: 0.25}", 2074.7237966583407),
    ])
    func `the sum of 5,000 draws is pinned under generator version 1`(name: String, arguments: String, sum: Double)
        throws
    {
        let values = try draws("{sampler_type: scipy, params: {dist_name: \(name), dist_params: \(arguments)}}", 5_000)
        #expect(values.compactMap(\.doubleValue).reduce(0, +) == sum)
    }
}
