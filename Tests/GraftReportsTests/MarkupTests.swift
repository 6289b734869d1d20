import Testing

@testable import GraftReports

@Suite struct MarkupTests {
  @Test func `text and attributes are escaped, control characters replaced`() {
    let markup = element("td", ["title": "\"<&", "class": nil]) { "a<b>&\"c\u{0}\u{1b}\n" }
    #expect(markup.source == "<td title=\"&quot;&lt;&amp;\">a&lt;b&gt;&amp;&quot;c\u{fffd}\u{fffd}\n</td>")
  }

  @Test func `elements without an end have none, empty ones do`() {
    #expect(element("br").source == "<br>")
    #expect(element("td").source == "<td></td>")
  }

  @Test func `numbers are written as a person writes them`() {
    #expect(NumberText.fixed(-0.0001, 2) == "0.00" && NumberText.fixed(-1.5, 1) == "−1.5")
    #expect(NumberText.fixed(.nan, 1) == "not a number" && NumberText.fixed(nil, 1) == "–")
    #expect(NumberText.short(-1e-5) == "−1e-05" && NumberText.grouped(-1_234_567) == "−1,234,567")
    let durations = [0.421, 59.96, 303, 7512].map { NumberText.duration($0).replacing("\u{a0}", with: " ") }
    #expect(durations == ["0.42 s", "1 min 00 s", "5 min 03 s", "2 h 05 min"])
    #expect(NumberText.bytes(812_345_678).replacing("\u{a0}", with: " ") == "812.3 MB")
    #expect(NumberText.duration(.infinity) == "–" && NumberText.duration(-1) == "–")
  }
}
