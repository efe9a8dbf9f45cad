import Testing

@testable import Random

struct PhiloxTests {
    /// The lines `philox4x64 10` of `kat_vectors` in Random123 1.14.
    @Test func `the published known answers come out`() {
        let ones = UInt64.max
        let zero = Philox.block(counter: (0, 0, 0, 0), key: (0, 0))
        #expect(
            zero == (0x1655_4d9e_ca36_314c, 0xdb20_fe9d_672d_0fdc, 0xd7e7_72ce_e186_176b, 0x7e68_b68a_ec7b_a23b))
        let full = Philox.block(counter: (ones, ones, ones, ones), key: (ones, ones))
        #expect(
            full == (0x87b0_92c3_013f_e90b, 0x438c_3c67_be8d_0224, 0x9cc7_d7c6_9cd7_77b6, 0xa09c_aebf_594f_0ba0))
        let pi = Philox.block(
            counter: (0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344, 0xa409_3822_299f_31d0, 0x082e_fa98_ec4e_6c89),
            key: (0x4528_21e6_38d0_1377, 0xbe54_66cf_34e9_0c6c))
        #expect(pi == (0xa528_f454_03e6_1d95, 0x38c7_2dbd_566e_9788, 0xa5a1_610e_72fd_18b5, 0x57bd_43b5_e52b_7fe6))
    }

    /// A change here changes the data of every seed, and must raise `RandomSource.generatorVersion`. The words are also
    /// those of `numpy.random.Philox(counter=..., key=(42, hash)).random_raw(4)` at these counters.
    @Test func `a stream gives these words under generator version 1`() {
        #expect(RandomSource.generatorVersion == 1)
        let source = RandomSource(seed: 42, column: "department", purpose: .sample)
        var stream = source.stream(record: 7, restart: 1, correction: 2)
        #expect(
            (0..<5).map { _ in stream.next() } == [
                3_863_545_178_030_371_813, 9_699_052_966_801_149_191, 6_631_511_040_174_794_698,
                8_890_930_612_447_354_972, 2_759_726_047_087_938_457,
            ])
        #expect(RandomSource.hash("department") == 1_446_786_939_655_002_105)
    }

    @Test func `streams differ by seed, column, purpose, record, restart and correction`() {
        func first(
            _ seed: UInt64 = 1, _ column: String = "a", _ purpose: RandomSource.Purpose = .sample,
            record: Int64 = 0, restart: UInt32 = 0, correction: UInt32 = 0
        ) -> UInt64 {
            var stream = RandomSource(seed: seed, column: column, purpose: purpose)
                .stream(record: record, restart: restart, correction: correction)
            return stream.next()
        }
        let words = [
            first(), first(2), first(1, "b"), first(1, "a", .template), first(record: 1), first(restart: 1),
            first(correction: 1), first(record: -1), first(1, "aa"), first(1, ""),
        ]
        #expect(Set(words).count == words.count)
        #expect(first() == words[0])
    }

    @Test func `unit numbers stay inside their bounds`() {
        var stream = RandomSource(seed: 3, column: "x", purpose: .sample).stream(record: 0)
        for _ in 0..<10_000 {
            let unit = stream.unit()
            let open = stream.openUnit()
            #expect(unit >= 0 && unit < 1 && open > 0 && open < 1)
        }
    }
}
