import Foundation
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

@Suite struct LayerSelectorTests {
  /// Two stages of convolution and batch normalisation, a stem before them, a head of pooling and dense.
  static func network() throws -> (graph: LayerGraph, head: Set<String>) {
    var graph = try LayerGraph(input: [3, 16, 16], name: "image")
    try graph.add(Conv2D("stem", filters: 4, kernel: 3))
    for block in 1...2 {
      graph.beginStage("block\(block)")
      try graph.add(Conv2D("block\(block)_conv", filters: 4, kernel: 3, usesBias: block == 1))
      try graph.add(BatchNormalization("block\(block)_bn"))
      try graph.add(Activation("block\(block)_relu", .relu))
    }
    graph.beginStage(nil)
    let backbone = Set(graph.nodes.map(\.name))
    graph = try graph.attaching(Head(classes: 2))
    return (graph, Set(graph.nodes.map(\.name)).subtracting(backbone))
  }

  /// What of the backbone a selector would train, without statistics.
  private static func selected(_ text: String) throws -> Set<String> {
    let (graph, head) = try network()
    let names = try LayerSelector(parsing: text).parameters(of: graph, head: head)
    return names.filter { !$0.contains("moving") }
  }

  private static let short = [
    "s": ["stem/kernel", "stem/bias"], "c1": ["block1_conv/kernel", "block1_conv/bias"],
    "n1": ["block1_bn/gamma", "block1_bn/beta"], "c2": ["block2_conv/kernel"],
    "n2": ["block2_bn/gamma", "block2_bn/beta"],
  ]

  @Test(
    arguments: [
      ("head", ""), ("head,norm", "n1 n2"), ("last:1", "n2"), ("last:2", "c2 n2"), ("last:40%", "c2 n2"),
      ("last:1%", "n2"), ("last:100%", "s c1 n1 c2 n2"), ("last-stage:1", "c2 n2"), ("last-stage:2", "c1 n1 c2 n2"),
      ("stage:block1", "c1 n1"), ("layer:block1_conv", "c1"), ("regex:block[12]_c", "c1 c2"), ("regex:^stem$", "s"),
      ("until:block1_conv", "s c1"), ("until:block1", "s c1 n1"), ("norm", "n1 n2"), ("!norm", "s c1 c2"),
      ("bias", "stem/bias block1_conv/bias block1_bn/beta block2_bn/beta"),
      ("kernels", "stem/kernel block1_conv/kernel c2"), ("all&bias&!norm", "stem/bias block1_conv/bias"),
      ("last:2,norm", "n1 c2 n2"), ("from:block1,!match:*_bn", "c1 c2"), ("last-stage:2&norm&!stage:block2", "n1"),
      ("!norm&stage:block1", "s c1 c2 n2"), ("last:2,all&kernels", "stem/kernel block1_conv/kernel c2 n2"),
      ("(last:2,stage:block1)&kernels", "block1_conv/kernel c2"), (" last:2 , norm ", "n1 c2 n2"),
      ("match:\"block1_*\"", "c1 n1"),
    ])
  func `selectors compose as written`(text: String, expected: String) throws {
    let parameters = expected.split(separator: " ").flatMap { Self.short[String($0)] ?? [String($0)] }
    #expect(try Self.selected(text) == Set(parameters))
  }

  @Test func `values compose as text does`() throws {
    let selector = LayerSelector.last(2).union(.parameters(.norm)).intersection(.parameters(.bias))
    #expect(selector.description == "(last:2,norm)&bias")
    #expect(
      LayerSelector.all.subtracting(.match("*_bn")).union(.head.subtracting(.all)).description
        == "all,!match:*_bn,(head,!all)")
    #expect(LayerSelector.from("a").intersection(.parameters(.bias)).description == "from:a&bias")
  }

  @Test func `a random selector's text reads back to itself`() throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<3000 {
      let selector = Self.random(&generator, depth: 3)
      let text = selector.description
      #expect(try LayerSelector(parsing: text) == selector, "\(text)")
      let stored = try JSONDecoder().decode(LayerSelector.self, from: JSONEncoder().encode(selector))
      #expect(stored == selector)
    }
  }

  private static func random(_ generator: inout SeededGenerator, depth: Int) -> LayerSelector {
    let names = [
      "conv1", "block 5", "a,b", "x&y", "q\"uote", "→", "a->b", "(", "[a-z]{1,3}", "!no", "a:b", "a=b;c",
      "/layer1/Conv", "é ",
    ]
    let name = names[Int.random(in: names.indices, using: &generator)]
    if depth > 0, Bool.random(using: &generator) {
      let first = random(&generator, depth: depth - 1)
      let second = random(&generator, depth: depth - 1)
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: return first.union(second)
      case 1: return first.intersection(second)
      default: return first.subtracting(second)
      }
    }
    let count = Int.random(in: 1...200, using: &generator)
    let choices: [LayerSelector] = [
      .head, .all, .last(count), .lastShare(percent: Double(count) / 3.7), .lastStages(count), .from(name),
      .until(name),
      .stage(name), .layer(name), .match(name), .regex("[a-z]{1,3}|x & y"), .parameters(.bias), .parameters(.norm),
      .parameters(.kernels),
    ]
    return choices[Int.random(in: choices.indices, using: &generator)]
  }

  @Test(
    arguments: [
      ("tail", "“tail” does not say which layers to unfreeze; write " + LayerSelector.words),
      ("norms", "“norms” does not say which layers to unfreeze; did you mean “norm”?"),
      ("last:2,norms", "“norms” in “last:2,norms” selects nothing known; did you mean “norm”?"),
      ("fro:block1", "“fro” in “fro:block1” selects nothing known; did you mean “from”?"),
      ("stage:block3", "there is no stage “block3”; did you mean “block1” or “block2”?"),
      ("stage:x", "there is no stage “x”; there are block1, block2"),
      (
        "layer:block1_con",
        "there is no layer “block1_con”; did you mean “block1_conv” or “block1_bn” or “block2_conv”? "
          + "`graft inspect` lists them all"
      ),
      ("layer:block1_relu", "“block1_relu” has nothing that could train; write from:block1_relu for what follows it"),
      (
        "regex:(",
        "“regex:(” does not say which layers to unfreeze: brackets and quotes do not fit; write "
          + LayerSelector.words + ", with , for “and”, & for “of these”, ! for “not”"
      ),
      (
        "regex:*a",
        "“*a” is no regular expression; with * and ? for any characters and one, write match: instead of regex:"
      ),
      (
        "last-stage:3",
        "last-stage:3 asks for more stages than the backbone has with weights (block1, block2); write all "
          + "instead"
      ),
      (
        "stage:block1&stage:block2",
        "“stage:block1&stage:block2” selects nothing of this backbone; write head where only "
          + "the head shall train"
      ),
    ])
  func `mistakes are named`(text: String, message: String) {
    let error = #expect(throws: PlanningError.self) { try Self.selected(text) }
    #expect(error?.description == message)
  }

  @Test(arguments: [
    "", ",", "last:0", "last:101%", "last:x", "a&&b", "from:", "last:2,", "\"", String(repeating: "(", count: 40),
  ])
  func `what is no selector is refused`(text: String) {
    #expect(throws: PlanningError.self) { try Self.selected(text) }
  }
}
