import Foundation
import Testing

@testable import GraftReports

@Suite struct PlotTests {
  private func axis(_ data: [Double], _ scale: PlotAxis.Scale = .linear, ticks: Int = 5) -> FittedAxis {
    FittedAxis(PlotAxis("", scale: scale), data: data, ticks: ticks)
  }

  @Test func `ticks are round numbers, and the axis ends at them`() {
    let loss = axis([0.029, 0.456])
    #expect(loss.bounds == 0...0.5)
    #expect(loss.ticks.map(loss.label) == ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5"])
    let errors = axis([-7.3, 4.1])
    #expect(errors.ticks.map(errors.label) == ["−10", "−5", "0", "5"])
    let constant = axis([0.001, 0.001])
    #expect(constant.ticks.map(constant.label) == ["0.0000", "0.0005", "0.0010", "0.0015", "0.0020"])
  }

  @Test func `epochs have whole numbers, the first included`() {
    #expect(axis([1, 24], .wholeNumbers, ticks: 8).ticks == [1, 5, 10, 15, 20])
    #expect(axis([1, 3], .wholeNumbers, ticks: 8).ticks == [1, 2, 3])
    #expect(axis([1], .wholeNumbers, ticks: 8).ticks == [1])
  }

  @Test func `a logarithmic axis has powers of ten, and no place for what is not positive`() {
    let rates = axis([1e-6, 1e-1, 0, -1], .logarithmic, ticks: 8)
    #expect(rates.ticks.map(rates.label) == ["1e-06", "1e-05", "0.0001", "0.001", "0.01", "0.1"])
    #expect(rates.position(1e-6) == 0 && rates.position(1e-1) == 1 && rates.position(0) == nil)
  }

  @Test(
    arguments: [
      [], [.nan], [.infinity, -.infinity], [0], [1e300, -1e300], [1e20, 1e20.nextUp], [-5, -5],
      [.leastNonzeroMagnitude, .leastNormalMagnitude],
      [.greatestFiniteMagnitude],
    ] as [[Double]])
  func `any numbers make a plot`(data: [Double]) {
    for scale in [PlotAxis.Scale.linear, .logarithmic, .wholeNumbers] {
      let plot = LinePlot(
        "any", xAxis: PlotAxis("x", scale: scale), yAxis: PlotAxis("y", scale: scale),
        series: [.init("a", points: data.map { ($0, $0) }, style: .marked)],
        marks: data.map { .init(x: $0, label: "m") })
      let svg = plot.svg
      #expect(svg.hasPrefix("<svg") && !svg.contains("nan") && !svg.contains("inf"), "\(scale)")
    }
  }

  @Test func `a number that is none interrupts the line`() {
    let plot = LinePlot(
      "t", xAxis: PlotAxis("x", bounds: 0...3), yAxis: PlotAxis("y", bounds: 0...1),
      series: [.init("a", points: [(0, 0), (1, 1), (2, .nan), (3, 0)])])
    let path = plot.svg.firstMatch(of: /<path class="curve" d="([^"]*)"/)?.1 ?? ""
    #expect(path.count { $0 == "M" } == 2 && path.count { $0 == "L" } == 1)
  }

  @Test func `an SVG file stands on its own, and names are escaped in it`() {
    let plot = LinePlot(
      "a < b", xAxis: PlotAxis("rate", scale: .logarithmic), yAxis: PlotAxis("loss"),
      series: [.init("<&>", points: [(0.1, 1)]), .init("other", points: [(1, 2)], style: .dashed)])
    #expect(
      plot.svg.contains("xmlns=\"http://www.w3.org/2000/svg\"") && plot.svg.contains("prefers-color-scheme: dark"))
    #expect(plot.svg.contains("aria-label=\"a &lt; b\"") && plot.svg.contains("&lt;&amp;&gt;</text>"))
    #expect(plot.svg == plot.svg)
  }

  @Test func `labels that would lie on each other have rows of their own`() {
    let x = FittedAxis(PlotAxis("", scale: .wholeNumbers), data: [1, 24], ticks: 8)
    let marks = [LinePlot.Mark(x: 8.5, label: "last:1"), .init(x: 16.5, label: "all"), .init(x: 17, label: "saved")]
    #expect(MarkLabels(marks, on: x).height == 28)
    #expect(MarkLabels(Array(marks.prefix(2)), on: x).height == 14)
  }

  @Test(arguments: [[1.0, 1.2, 1.4], [8, 8.5, 9], [22, 23, 24], [1, 1.5, 12, 23, 23.5, 24], [20.5, 21, 24]])
  func `no label lies on another, and no line crosses one`(places: [Double]) throws {
    let x = FittedAxis(PlotAxis("", scale: .wholeNumbers), data: [1, 24], ticks: 8)
    let marks = places.map { LinePlot.Mark(x: $0, label: "steepest 0.0\(Int($0 * 10))") }
    let labels = MarkLabels(marks, on: x)
    let frame = PlotFrame(x: x, y: FittedAxis(PlotAxis(""), data: [0, 1], ticks: 5), top: labels.height + 8)
    let source = labels.markup(in: frame).source
    let lines = try source.matches(of: /<line class="mark" x1="([0-9.]+)" y1="([0-9.]+)"/).map {
      (x: try #require(Double($0.1)), top: try #require(Double($0.2)))
    }
    let texts = try source.matches(of: /<text class="marked (start|end)" x="([0-9.]+)" y="([0-9.]+)">([^<]+)/).map {
      let width = 6.6 * Double($0.4.count)
      let place = try #require(Double($0.2))
      return (left: $0.1 == "end" ? place - width : place, width: width, y: try #require(Double($0.3)))
    }
    #expect(lines.count == places.count && texts.count == places.count)
    for (index, label) in texts.enumerated() {
      #expect(label.left > 0 && label.left + label.width < PlotFrame.width + 8 && label.y > 8, "\(label)")
      for (other, second) in texts.enumerated() where other != index {
        let sideBySide = label.left + label.width <= second.left || second.left + second.width <= label.left
        #expect(sideBySide || abs(label.y - second.y) >= 14)
      }
      for line in lines where line.x > label.left && line.x < label.left + label.width {
        #expect(line.top >= label.y - 1, "a line at \(line.x) crosses the label at \(label.left)")
      }
    }
  }

  @Test func `a heat map has names and numbers for few classes, and none for many`() {
    func map(_ count: Int) -> String {
      var counts = [[Int]](repeating: [Int](repeating: 0, count: count), count: count)
      for index in 0..<count { counts[index][index] = 7 }
      return HeatMap(counts: counts, names: (0..<count).map { "class \($0)" }).markup.source
    }
    #expect(map(3).contains(">class 2</text>") && map(3).contains(">7</text>"))
    #expect(!map(100).contains(">7</text>") && map(100).contains("class 99, taken for class 99: 7 of 7 (100.0"))
    #expect(map(100).components(separatedBy: "<rect").count == 102)
  }
}
