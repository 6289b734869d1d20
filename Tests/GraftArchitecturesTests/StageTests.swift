import GraftArchitectures
import GraftGraph
import GraftTensors
import Testing

@Suite struct StageTests {
  /// The network as a file without stages has it.
  private static func unnamed(_ name: String) throws -> LayerGraph {
    let graph = try Architecture.named(name).graph()
    var copy = LayerGraph()
    for node in graph.nodes { try copy.add(node.layer, after: node.inputs, as: node.name) }
    #expect(copy.nodes.allSatisfy { $0.stage == nil })
    return copy
  }

  /// The first layer with parameters of each stage.
  @Test(
    arguments: [
      ("vgg16", "block1_conv1 block2_conv1 block3_conv1 block4_conv1 block5_conv1"),
      ("resnet18-torchvision", "conv1 layer1.0.conv1 layer2.0.conv1 layer3.0.conv1 layer4.0.conv1"),
      ("mobilenet-0.25", "conv1 conv_dw_2 conv_dw_4 conv_dw_6 conv_dw_12"),
      ("squeezenet", "conv1 fire2/squeeze1x1 fire4/squeeze1x1 fire6/squeeze1x1"),
      ("squeezenet-tiny", "conv1 fire2/squeeze1x1 fire4/squeeze1x1 fire6/squeeze1x1"),
      // conv2d is the shortcut of block2, and so on.
      ("xception", "block1_conv1 conv2d conv2d_1 conv2d_2 conv2d_3"),
      // mixed0, mixed3, mixed8.
      ("inceptionv3", "conv2d conv2d_3 conv2d_5 conv2d_26 conv2d_70"),
      // No shortcut holds block_1 together, which begins with an expansion before its stride.
      ("mobilenetv2", "Conv1 block_1_depthwise block_3_depthwise block_6_depthwise block_13_depthwise"),
      ("resnet50", "conv1_conv conv2_block1_0_conv conv3_block1_0_conv conv4_block1_0_conv conv5_block1_0_conv"),
      // Whose strides are at the end of a row of blocks.
      (
        "resnet50v2",
        "conv1_conv conv2_block1_preact_bn conv2_block3_preact_bn conv3_block4_preact_bn conv4_block6_preact_bn"
      ),
      ("resnet20-cifar", "conv1 layer2.0.conv1 layer3.0.conv1"),
    ])
  func `stages without names are what lies between two reductions`(name: String, firsts: String) throws {
    let graph = try Self.unnamed(name)
    let stages = graph.stageByNode
    let found = graph.stages.compactMap { stage in
      graph.nodes.first { stages[$0.name] == stage && !$0.parameters.isEmpty }?.name
    }
    #expect(found.joined(separator: " ") == firsts)
    #expect(graph.stages == (1...found.count).map { "stage\($0)" })
  }

  /// As an exporter writes it: a squeeze-and-excite gate, a Reshape and a Constant among the layers, a classifier at the
  /// end that is a 1 × 1 convolution after a global pooling that keeps its dimensions.
  @Test func `gates, constants and poolings over all positions begin no stage`() throws {
    var graph = try LayerGraph(input: [3, 32, 32], name: "x")
    try graph.add(Conv2D("a", filters: 8, kernel: 3, strides: 2, padding: .same))
    let map = try graph.add(Conv2D("b", filters: 8, kernel: 3, strides: 2, padding: .same))
    try graph.add(GlobalAveragePooling2D("squeeze", keepsDimensions: true))
    let gate = try graph.add(Conv2D("gate", filters: 8, kernel: 1, activation: .sigmoid))
    let gated = try graph.add(Multiply("gated"), after: [map, gate])
    let constant = try graph.add(Constant("shift", shape: [8, 1, 1]))
    try graph.add(Add("shifted"), after: [gated, constant])
    try graph.add(Conv2D("c", filters: 8, kernel: 3, padding: .same))
    try graph.add(MaxPooling2D("pool", size: 2))
    try graph.add(Conv2D("d", filters: 8, kernel: 3))
    try graph.add(GlobalAveragePooling2D("all", keepsDimensions: true))
    try graph.add(Conv2D("scores", filters: 5, kernel: 1))
    try graph.add(Flatten("flat", order: .channelsFirst))
    let stages = graph.stageByNode
    #expect(graph.stages == ["stage1", "stage2", "stage3"])
    #expect(
      ["a", "b", "gate", "c", "d", "scores"].map { stages[$0] } == [
        "stage1", "stage2", "stage2", "stage2", "stage3", "stage3",
      ])
    #expect(stages["flat"] == nil)
  }

  @Test func `names that a network has are kept`() throws {
    let graph = try Architecture.vgg16.graph()
    #expect(graph.stages == ["block1", "block2", "block3", "block4", "block5"])
  }
}
