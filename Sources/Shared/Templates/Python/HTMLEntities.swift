/// The character references of HTML: numbers, and the names of HTML 4.
enum HTMLEntities {
    /// Replaces each reference that is known. Some names are known without their semicolon, as in HTML.
    static func unescape(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var at = 0
        while at < scalars.count {
            if scalars[at] == "&", let (replacement, end) = reference(scalars, at + 1) {
                result.append(contentsOf: replacement.unicodeScalars)
                at = end
            } else {
                result.append(scalars[at])
                at += 1
            }
        }
        return String(result)
    }

    /// What the reference behind an ampersand means, and where it ends.
    private static func reference(_ scalars: [Unicode.Scalar], _ start: Int) -> (String, Int)? {
        guard start < scalars.count else { return nil }
        if scalars[start] == "#" { return number(scalars, start + 1) }
        var end = start
        while end < scalars.count, end - start < 32, scalars[end].isASCII,
            PythonCharacters.isAlphanumeric(scalars[end])
        {
            end += 1
        }
        let name = PythonStrings.string(scalars[start..<end])
        if end < scalars.count, scalars[end] == ";", let scalar = names[name + ";"] ?? names[name] {
            return (String(scalar), end + 1)
        }
        // The longest name that needs no semicolon.
        for length in stride(from: end - start, to: 1, by: -1) {
            let name = PythonStrings.string(scalars[start..<(start + length)])
            if let scalar = names[name] { return (String(scalar), start + length) }
        }
        return nil
    }

    private static func number(_ scalars: [Unicode.Scalar], _ start: Int) -> (String, Int)? {
        var at = start
        let isHexadecimal = at < scalars.count && (scalars[at] == "x" || scalars[at] == "X")
        if isHexadecimal { at += 1 }
        let digitsStart = at
        var value = 0
        while at < scalars.count, scalars[at].isASCII,
            let digit = BigInteger.digitValue(UInt8(scalars[at].value)), digit < (isHexadecimal ? 16 : 10)
        {
            value = min(value * (isHexadecimal ? 16 : 10) + digit, 0x110000)
            at += 1
        }
        guard at > digitsStart else { return nil }
        if at < scalars.count, scalars[at] == ";" { at += 1 }
        if value == 0 || value > 0x10FFFF || (0xD800...0xDFFF).contains(value) { return ("\u{FFFD}", at) }
        if let replaced = windowsScalars[value] { return (String(replaced), at) }
        let isNonCharacter = value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(value)
        let isControl = value < 0x20 && ![0x9, 0xA, 0xC, 0xD].contains(value) || (0x7F...0x9F).contains(value)
        if isNonCharacter || isControl { return ("", at) }
        return (Unicode.Scalar(UInt32(value)).map { String($0) } ?? "", at)
    }

    /// Numbers that HTML reads as the characters of Windows-1252.
    private static let windowsScalars: [Int: Unicode.Scalar] = [
        0x0D: "\r", 0x80: "\u{20AC}", 0x81: "\u{81}", 0x82: "\u{201A}", 0x83: "\u{192}", 0x84: "\u{201E}",
        0x85: "\u{2026}", 0x86: "\u{2020}", 0x87: "\u{2021}", 0x88: "\u{2C6}", 0x89: "\u{2030}", 0x8A: "\u{160}",
        0x8B: "\u{2039}", 0x8C: "\u{152}", 0x8D: "\u{8D}", 0x8E: "\u{17D}", 0x8F: "\u{8F}", 0x90: "\u{90}",
        0x91: "\u{2018}", 0x92: "\u{2019}", 0x93: "\u{201C}", 0x94: "\u{201D}", 0x95: "\u{2022}", 0x96: "\u{2013}",
        0x97: "\u{2014}", 0x98: "\u{2DC}", 0x99: "\u{2122}", 0x9A: "\u{161}", 0x9B: "\u{203A}", 0x9C: "\u{153}",
        0x9D: "\u{9D}", 0x9E: "\u{17E}", 0x9F: "\u{178}",
    ]

    private static let names: [String: Unicode.Scalar] = {
        var names: [String: Unicode.Scalar] = [:]
        for entry in table.split(separator: " ") {
            let parts = entry.split(separator: "=")
            names[String(parts[0])] = UInt32(parts[1], radix: 16).flatMap(Unicode.Scalar.init)
        }
        return names
    }()

    /// Name and code point; a name without semicolon is known with one and without.
    private static let table = """
        quot=22 amp=26 lt=3c gt=3e nbsp=a0 iexcl=a1 cent=a2 pound=a3 curren=a4 yen=a5 brvbar=a6 sect=a7 uml=a8 \
        copy=a9 ordf=aa laquo=ab not=ac shy=ad reg=ae macr=af deg=b0 plusmn=b1 sup2=b2 sup3=b3 acute=b4 micro=b5 \
        para=b6 middot=b7 cedil=b8 sup1=b9 ordm=ba raquo=bb frac14=bc frac12=bd frac34=be iquest=bf Agrave=c0 \
        Aacute=c1 Acirc=c2 Atilde=c3 Auml=c4 Aring=c5 AElig=c6 Ccedil=c7 Egrave=c8 Eacute=c9 Ecirc=ca Euml=cb \
        Igrave=cc Iacute=cd Icirc=ce Iuml=cf ETH=d0 Ntilde=d1 Ograve=d2 Oacute=d3 Ocirc=d4 Otilde=d5 Ouml=d6 \
        times=d7 Oslash=d8 Ugrave=d9 Uacute=da Ucirc=db Uuml=dc Yacute=dd THORN=de szlig=df agrave=e0 aacute=e1 \
        acirc=e2 atilde=e3 auml=e4 aring=e5 aelig=e6 ccedil=e7 egrave=e8 eacute=e9 ecirc=ea euml=eb igrave=ec \
        iacute=ed icirc=ee iuml=ef eth=f0 ntilde=f1 ograve=f2 oacute=f3 ocirc=f4 otilde=f5 ouml=f6 divide=f7 \
        oslash=f8 ugrave=f9 uacute=fa ucirc=fb uuml=fc yacute=fd thorn=fe yuml=ff OElig;=152 oelig;=153 Scaron;=160 \
        scaron;=161 Yuml;=178 fnof;=192 circ;=2c6 tilde;=2dc Alpha;=391 Beta;=392 Gamma;=393 Delta;=394 Epsilon;=395 \
        Zeta;=396 Eta;=397 Theta;=398 Iota;=399 Kappa;=39a Lambda;=39b Mu;=39c Nu;=39d Xi;=39e Omicron;=39f Pi;=3a0 \
        Rho;=3a1 Sigma;=3a3 Tau;=3a4 Upsilon;=3a5 Phi;=3a6 Chi;=3a7 Psi;=3a8 Omega;=3a9 alpha;=3b1 beta;=3b2 \
        gamma;=3b3 delta;=3b4 epsilon;=3b5 zeta;=3b6 eta;=3b7 theta;=3b8 iota;=3b9 kappa;=3ba lambda;=3bb mu;=3bc \
        nu;=3bd xi;=3be omicron;=3bf pi;=3c0 rho;=3c1 sigmaf;=3c2 sigma;=3c3 tau;=3c4 upsilon;=3c5 phi;=3c6 chi;=3c7 \
        psi;=3c8 omega;=3c9 thetasym;=3d1 upsih;=3d2 piv;=3d6 ensp;=2002 emsp;=2003 thinsp;=2009 zwnj;=200c \
        zwj;=200d lrm;=200e rlm;=200f ndash;=2013 mdash;=2014 lsquo;=2018 rsquo;=2019 sbquo;=201a ldquo;=201c \
        rdquo;=201d bdquo;=201e dagger;=2020 Dagger;=2021 bull;=2022 hellip;=2026 permil;=2030 prime;=2032 \
        Prime;=2033 lsaquo;=2039 rsaquo;=203a oline;=203e frasl;=2044 euro;=20ac image;=2111 weierp;=2118 real;=211c \
        trade;=2122 alefsym;=2135 larr;=2190 uarr;=2191 rarr;=2192 darr;=2193 harr;=2194 crarr;=21b5 lArr;=21d0 \
        uArr;=21d1 rArr;=21d2 dArr;=21d3 hArr;=21d4 forall;=2200 part;=2202 exist;=2203 empty;=2205 nabla;=2207 \
        isin;=2208 notin;=2209 ni;=220b prod;=220f sum;=2211 minus;=2212 lowast;=2217 radic;=221a prop;=221d \
        infin;=221e ang;=2220 and;=2227 or;=2228 cap;=2229 cup;=222a int;=222b there4;=2234 sim;=223c cong;=2245 \
        asymp;=2248 ne;=2260 equiv;=2261 le;=2264 ge;=2265 sub;=2282 sup;=2283 nsub;=2284 sube;=2286 supe;=2287 \
        oplus;=2295 otimes;=2297 perp;=22a5 sdot;=22c5 lceil;=2308 rceil;=2309 lfloor;=230a rfloor;=230b lang;=2329 \
        rang;=232a loz;=25ca spades;=2660 clubs;=2663 hearts;=2665 diams;=2666 apos;=27
        """
}
