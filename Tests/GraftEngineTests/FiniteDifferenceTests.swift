import GraftEngine
import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

/// Gradients against finite differences, for graphs whose wiring the single-layer numbers cannot test.
@Suite struct FiniteDifferenceTests {
  @Test func `a fire module's gradients match, though one tensor feeds two branches`() async throws {
    var graph = try LayerGraph(input: [3, 7, 7], name: "image")
    let squeezed = try graph.add(Conv2D("squeeze", filters: 4, kernel: 1))
    let narrow = try graph.add(Conv2D("narrow", filters: 5, kernel: 1), after: [squeezed])
    let wide = try graph.add(Conv2D("wide", filters: 7, kernel: 3, padding: .same), after: [squeezed])
    try graph.add(Concatenate("concat"), after: [narrow, wide])
    try graph.add(AveragePooling2D("pool", size: 3, strides: 2))
    try graph.add(GlobalAveragePooling2D("average"))
    try graph.add(Dense("dense", units: 3))
    try await checkGradients(of: graph)
  }

  @Test func `a flattened network's gradients match`() async throws {
    var graph = try LayerGraph(input: [2, 6, 5], name: "image")
    try graph.add(ZeroPadding2D("padding", top: 1, bottom: 0, left: 2, right: 1))
    try graph.add(Conv2D("first", filters: 17, kernel: 3, strides: 2, padding: .same))
    try graph.add(Conv2D("grouped", filters: 34, kernel: 3, padding: .same, groups: 17))
    try graph.add(Flatten("flatten", order: .channelsLast))
    try graph.add(Dense("dense", units: 4, activation: .softmax))
    try await checkGradients(of: graph)
  }

  @Test(arguments: [BatchNormMode.frozen, .batchStatistics])
  func `gradients match through a batch normalisation between convolutions`(mode: BatchNormMode) async throws {
    var graph = try LayerGraph(input: [2, 6, 5], name: "image")
    try graph.add(Conv2D("first", filters: 17, kernel: 3, padding: .same, usesBias: false))
    try graph.add(BatchNormalization("bn"))
    try graph.add(Conv2D("second", filters: 3, kernel: 3, padding: .same, usesBias: false))
    try graph.add(BatchNormalization("bn_2", usesScale: false))
    try graph.add(Flatten("flatten", order: .channelsLast))
    try graph.add(Dense("dense", units: 3))
    try await checkGradients(of: graph, batchNormModes: ["bn": mode])
  }

  @Test func `a residual block's gradients match, with a projection and with a shortcut without weights`() async throws
  {
    var graph = try LayerGraph(input: [3, 6, 5], name: "image")
    let stem = try graph.add(Conv2D("stem", filters: 4, kernel: 3, padding: .same))
    try graph.add(Conv2D("narrow", filters: 4, kernel: 3, padding: .same, usesBias: false))
    let body = try graph.add(BatchNormalization("bn", momentum: 0.9))
    try graph.add(Add("sum"), after: [stem, body])
    let residual = try graph.add(Activation("swish", .swish))
    let left = try graph.add(Conv2D("halved", filters: 7, kernel: 3, strides: 2, padding: .same))
    try graph.add(StridedSlice2D("slice", strides: 2), after: [residual])
    let right = try graph.add(ChannelPadding("wider", before: 1, after: 2))
    try graph.add(Add("second_sum"), after: [left, right])
    try graph.add(Flatten("flatten", order: .channelsFirst))
    try graph.add(Dense("dense", units: 3, activation: .tanh))
    try await checkGradients(of: graph, batchNormModes: ["bn": .batchStatistics])
  }

  @Test func `a separable block's gradients match, with squeeze and excite`() async throws {
    var graph = try LayerGraph(input: [3, 6, 5], name: "image")
    try graph.add(SeparableConv2D("separable", filters: 5, kernel: 3, padding: .same, multiplier: 2))
    try graph.add(BatchNormalization("bn"))
    let map = try graph.add(
      DepthwiseConv2D("depthwise", kernel: 3, padding: .same, multiplier: 2, activation: .softplus))
    try graph.add(GlobalAveragePooling2D("squeeze"))
    let excitation = try graph.add(Dense("excite", units: 10, activation: .sigmoid))
    try graph.add(Multiply("scaled"), after: [map, excitation])
    try graph.add(AveragePooling2D("pool", size: 3, strides: 2, rounding: .up, countsPadding: true))
    try graph.add(UpSampling2D("larger", interpolation: .bilinear))
    try graph.add(Cropping2D("cropped", top: 1, bottom: 0, left: 2, right: 1))
    try graph.add(LocalResponseNormalization("lrn", size: 3, alpha: 0.5))
    try graph.add(Permute("permuted", axes: [2, 0, 1]))
    try graph.add(ZeroPadding2D("padded", top: 1, bottom: 0, left: 0, right: 1))
    try graph.add(Conv2D("mixing", filters: 2, kernel: 3))
    try await checkGradients(of: graph)
  }

  @Test func `directions pass gradients through their normalisation, of features and of weights`() async throws {
    var graph = try LayerGraph(input: [3, 4, 4], name: "image")
    try graph.add(Conv2D("conv", filters: 4, kernel: 3))
    try graph.add(UnitNormalization("positions"))
    try graph.add(Conv2D("mixing", filters: 6, kernel: 2))
    try graph.add(Flatten("flatten", order: .channelsLast))
    try graph.add(UnitNormalization("unit"))
    try graph.add(UnitDense("cosines", units: 3, scale: 4))
    try await checkGradients(of: graph)
  }

  @Test func `an input that feeds one layer twice gets both gradients`() async throws {
    var graph = try LayerGraph(input: [3, 4, 4], name: "image")
    let map = try graph.add(Conv2D("conv", filters: 4, kernel: 3))
    let square = try graph.add(Multiply("square"), after: [map, map])
    let sum = try graph.add(Add("sum"), after: [square, map, map])
    try graph.add(Subtract("difference"), after: [square, sum])
    try graph.add(Average("mean"), after: ["difference", square])
    try graph.add(Reshape("flat", shape: [16], order: .channelsLast))
    try graph.add(Dense("dense", units: 2, activation: .softsign))
    try await checkGradients(of: graph)
  }

  @Test func `gradients match through what is broadcast, divided, cut, mirrored, drawn together and resized`()
    async throws
  {
    var graph = try LayerGraph(input: [3, 5, 4], name: "image")
    let map = try graph.add(Conv2D("conv", filters: 6, kernel: 3, padding: .same, activation: .mish))
    try graph.add(Constant("offsets", shape: [6, 1, 4]))
    try graph.add(Add("shifted"), after: ["offsets", map])
    try graph.add(Activation("exponential", .exponential))
    try graph.add(Reduction("sums", .sum, axes: [0], keepsDimensions: true))
    try graph.add(Divide("probabilities"), after: ["exponential", "sums"])
    let left = try graph.add(Slice("left", axis: 0, begin: 1, end: 4))
    let right = try graph.add(Slice("right", axis: 0, begin: 0, end: 6, step: 2), after: ["probabilities"])
    try graph.add(Pad("mirrored", before: [0, 2, 1], after: [0, 1, 0], mode: .reflect), after: [left])
    try graph.add(Resize("left_resized", to: .size(5), interpolation: .linear, coordinates: .alignCorners))
    try graph.add(Pad("framed", before: [0, 0, 1], after: [0, 0, 0], mode: .constant(0.5)), after: [right])
    try graph.add(Concatenate("rows", axis: 1), after: ["left_resized", "framed"])
    try graph.add(Reduction("row_means", .mean, axes: [2], keepsDimensions: false))
    try graph.add(Permute("turned", axes: [1, 0]))
    try graph.add(BatchNormalization("bn"))
    try graph.add(Flatten("flat", order: .channelsFirst))
    try graph.add(Dense("dense", units: 2))
    try await checkGradients(of: graph, batchNormModes: ["bn": .batchStatistics])
  }
}
