import GraftExport
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@Suite struct ONNXExporterTests {
  private static func model(_ build: (inout LayerGraph) throws -> Void) throws -> ExportedModel {
    var graph = try LayerGraph(input: [3, 6, 6], name: "image")
    try build(&graph)
    return ExportedModel(graph: graph, parameters: .initialized(graph.parameters, seed: 1))
  }

  private static func operators(_ model: ONNXModel) -> [String] { model.graph.nodes.map(\.operatorType) }

  @Test func `values bear the layers' names, initializers the parameters'`() throws {
    let model = try Self.model { graph in
      try graph.add(Conv2D("conv", filters: 4, kernel: 3, strides: 2, padding: .same, activation: .relu))
      try graph.add(GlobalAveragePooling2D("pool"))
      try graph.add(Dense("scores", units: 2, activation: .softmax))
    }
    let onnx = try ONNXExporter().onnxModel(of: model)
    #expect(Self.operators(onnx) == ["Conv", "Relu", "GlobalAveragePool", "Flatten", "Gemm", "Softmax"])
    #expect(onnx.graph.nodes.map { $0.outputs[0] }.filter { !$0.contains("/") } == ["conv", "pool", "scores"])
    #expect(
      onnx.graph.initializers.map(\.name) == ["conv/kernel", "conv/bias", "scores/kernel", "scores/bias"])
    #expect(onnx.graph.inputs.map(\.name) == ["image"])
    #expect(onnx.graph.inputs[0].dimensions == [.symbol("N"), .size(3), .size(6), .size(6)])
    #expect(onnx.graph.outputs.map(\.name) == ["scores"])
    #expect(onnx.operatorSets == ["": 17])
  }

  @Test func `a cosine head is plain operators, its kernel's rows as long as the scale`() throws {
    let model = try Self.model { graph in
      try graph.add(GlobalAveragePooling2D("pool"))
      try graph.add(UnitNormalization("unit"))
      try graph.add(UnitDense("cosines", units: 2, scale: 5))
    }
    let onnx = try ONNXExporter().onnxModel(of: model)
    #expect(Self.operators(onnx) == ["GlobalAveragePool", "Flatten", "LpNormalization", "Gemm"])
    let kernel = try #require(onnx.graph.initializers.first { $0.name == "cosines/kernel" }).tensor.floats
    for row in [kernel[..<3], kernel[3...]] {
      #expect(abs(row.reduce(0) { $0 + $1 * $1 }.squareRoot() - 5) < 1e-5)
    }
  }

  @Test func `padding that makes the same size is written out, the odd pixel at the bottom and right`() throws {
    let model = try Self.model { try $0.add(Conv2D("conv", filters: 4, kernel: 3, strides: 2, padding: .same)) }
    let onnx = try ONNXExporter().onnxModel(of: model)
    guard case .integers(let pads)? = onnx.graph.nodes[0].attributes["pads"] else {
      Issue.record("the convolution has no pads")
      return
    }
    #expect(pads == [0, 0, 1, 1])
  }

  @Test func `a layer that two nodes share has one initializer`() throws {
    let model = try Self.model { graph in
      let shared = Conv2D("shared", filters: 3, kernel: 1)
      let first = try graph.add(shared, after: ["image"], as: "once")
      let second = try graph.add(shared, after: [first], as: "twice")
      try graph.add(Add("sum"), after: [first, second])
    }
    let onnx = try ONNXExporter().onnxModel(of: model)
    #expect(onnx.graph.initializers.map(\.name) == ["shared/kernel", "shared/bias"])
    #expect(onnx.graph.nodes.map { $0.inputs[1] }.prefix(2) == ["shared/kernel", "shared/kernel"])
  }

  @Test func `labels and preprocessing lie in the metadata`() throws {
    var model = try Self.model { try $0.add(GlobalAveragePooling2D("pool")) }
    model.labels = ["ants", "bees", "“wasps”"]
    model.preprocessing = .caffe
    let onnx = try ONNXExporter().onnxModel(of: model)
    #expect(onnx.metadata["graft.labels"] == #"["ants","bees","“wasps”"]"#)
    #expect(onnx.metadata["graft.preprocessing"]?.contains(#""channelOrder":"bgr""#) == true)
  }

  @Test func `a file with its own preprocessing takes pixels`() throws {
    var model = try Self.model { try $0.add(GlobalAveragePooling2D("pool")) }
    model.preprocessing = .caffe
    let onnx = try ONNXExporter(includesPreprocessing: true).onnxModel(of: model)
    #expect(Self.operators(onnx) == ["Gather", "Mul", "Sub", "Div", "GlobalAveragePool", "Flatten"])
    #expect(onnx.graph.inputs.map(\.name) == ["image/rgb"])
    model.preprocessing = nil
    #expect(throws: ExportError.noPreprocessing) {
      try ONNXExporter(includesPreprocessing: true).onnxModel(of: model)
    }
  }

  @Test func `numbers that are missing are named`() throws {
    var model = try Self.model { try $0.add(Conv2D("conv", filters: 4, kernel: 3)) }
    model.parameters["conv/bias"] = nil
    let error = #expect(throws: ExportError.self) { try ONNXExporter().onnxModel(of: model) }
    #expect(
      error?.description == "the network has no numbers for “conv/bias” of the shape [4], so it cannot be written")
  }

  @Test func `what a format cannot express is said of every layer at once`() {
    let layers = (1...7).map { UnsupportedLayer(name: "l\($0)", kind: "Pad", reason: "it mirrors") }
    #expect(
      ExportError.unsupportedLayers(format: "Keras", layers: layers).description
        == "Keras cannot express “l1” (Pad): it mirrors; “l2” (Pad): it mirrors; “l3” (Pad): it mirrors; "
        + "“l4” (Pad): it mirrors; “l5” (Pad): it mirrors; and 2 layers more. Choose another --format")
  }
}
