import GraftArchitectures
import GraftGraph
import GraftTensors
import Testing

@Suite struct ArchitectureTests {
  /// Published counts: keras.io/api/applications and the SqueezeNet repository's 1,235,496.
  @Test(
    arguments: [
      ("vgg16", 1000, 138_357_544), ("vgg16", nil, 14_714_688), ("vgg19", 1000, 143_667_240),
      ("vgg19", nil, 20_024_384),
      ("squeezenet", 1000, 1_235_496), ("squeezenet", nil, 722_496),
      ("resnet50", 1000, 25_636_712), ("resnet101", 1000, 44_707_176), ("resnet152", 1000, 60_419_944),
      ("resnet50v2", 1000, 25_613_800), ("resnet101v2", 1000, 44_675_560), ("resnet152v2", 1000, 60_380_648),
      ("inceptionv3", 1000, 23_851_784), ("xception", 1000, 22_910_480), ("mobilenet", 1000, 4_253_864),
      ("mobilenetv2", 1000, 3_538_984),
    ] as [(String, Int?, Int)])
  func `parameters are as many as published`(name: String, classes: Int?, count: Int) throws {
    #expect(try Architecture.named(name).graph(classes: classes).parameterCount == count)
  }

  /// Counts without moving statistics, as PyTorch counts: torchvision's `num_params` (Inception-v3 without its auxiliary
  /// classifier), and those of akamaster/pytorch_resnet_cifar10.
  @Test(
    arguments: [
      ("resnet18-torchvision", 1000, 11_689_512), ("resnet34-torchvision", 1000, 21_797_672),
      ("resnet50-torchvision", 1000, 25_557_032), ("vgg16-torchvision", 1000, 138_357_544),
      ("vgg19-torchvision", 1000, 143_667_240), ("squeezenet-torchvision", 1000, 1_235_496),
      ("mobilenetv2-torchvision", 1000, 3_504_872), ("inceptionv3-torchvision", 1000, 23_834_568),
      ("resnet20-cifar", 10, 269_722), ("resnet32-cifar", 10, 464_154), ("resnet44-cifar", 10, 658_586),
      ("resnet56-cifar", 10, 853_018), ("resnet110-cifar", 10, 1_727_962),
    ])
  func `PyTorch's networks learn as many numbers as published`(name: String, classes: Int, count: Int) throws {
    let parameters = try Architecture.named(name).graph(classes: classes).parameters
    #expect(parameters.filter(\.isTrainable).reduce(0) { $0 + $1.shape.count } == count)
  }

  /// Multiply-adds in millions, within 1 %: torchvision's `GFLOPS` of its weights (VGG-16 and -19, ResNets, Inception-v3,
  /// MobileNetV2, SqueezeNet 1.1), and the papers' (MobileNet 0.25: 41, arXiv:1704.04861; Xception: 8.4 thousand).
  @Test(
    arguments: [
      ("vgg16-torchvision", 15_470), ("vgg19-torchvision", 19_630), ("resnet18-torchvision", 1814),
      ("resnet34-torchvision", 3664), ("resnet50-torchvision", 4089), ("resnet101-torchvision", 7801),
      ("resnet152-torchvision", 11_514), ("inceptionv3-torchvision", 5713), ("mobilenetv2-torchvision", 301),
      ("squeezenet-torchvision", 349), ("mobilenet-0.25", 41), ("xception", 8360),
    ])
  func `networks multiply as often as published`(name: String, millions: Int) throws {
    let count = try Architecture.named(name).graph(classes: 1000).nodes.reduce(0) { $0 + $1.multiplyAdds }
    #expect(abs(Double(count) / 1e6 / Double(millions) - 1) < 0.01, "\(count)")
  }

  @Test func `feature maps have the published sizes`() throws {
    #expect(try Architecture.vgg16.graph().output?.shape == [512, 7, 7])
    #expect(try Architecture.vgg16.graph(inputSize: 128).output?.shape == [512, 4, 4])
    #expect(try Architecture.squeezenet.graph().output?.shape == [512, 13, 13])
  }

  @Test func `every architecture stands at its least size and at no lesser one`() throws {
    for architecture in Architecture.all {
      let least = architecture.minimumInputSize
      #expect(try architecture.graph(inputSize: Size2D(least)).output != nil)
      #expect(throws: ArchitectureError.self) { try architecture.graph(inputSize: Size2D(least - 1)) }
    }
  }

  /// Counts of keras.applications with `alpha`.
  @Test(
    arguments: [
      ("mobilenet-0.25", 475_544), ("mobilenet-0.5", 1_342_536), ("MobileNet-0.75", 2_601_976),
      ("mobilenet-1.0", 4_253_864), ("mobilenetv2-0.35", 1_691_208), ("mobilenetv2-1.4", 6_156_712),
      ("mobilenetv2-0.373", 1_704_168),
    ])
  func `MobileNets are known in any width`(name: String, count: Int) throws {
    #expect(try Architecture.named(name).graph(classes: 1000).parameterCount == count)
  }

  @Test(arguments: ["mobilenet-", "mobilenet-0", "mobilenet-1e9", "mobilenet--1", "mobilenet-nan", "vgg16-0.5"])
  func `a width that is none is an unknown name`(name: String) {
    #expect(throws: ArchitectureError.self) { try Architecture.named(name) }
  }

  @Test func `a mistyped name is answered with the nearest`() {
    #expect(throws: ArchitectureError.self) { try Architecture.named("vgg61") }
    do {
      _ = try Architecture.named("squezenet")
    } catch {
      #expect(error.description == "there is no network “squezenet”; did you mean “squeezenet”?")
    }
  }

  @Test func `the tiny SqueezeNet has the parameters of its table, and a bypass in every second module`() throws {
    let graph = try Architecture.squeezenetTiny.graph()
    // (channels in, filters that squeeze, filters of each kind that expand)
    let modules = [(32, 16, 32), (64, 16, 32), (64, 32, 64), (128, 32, 64), (128, 64, 128), (256, 64, 128)]
    let kernels = modules.map { input, squeeze, expand in input * squeeze + squeeze * expand * (1 + 9) }
    let normalized = modules.map { _, squeeze, expand in squeeze + 2 * expand }
    let sum = 32 * 3 * 9 + kernels.reduce(0, +) + 4 * (32 + normalized.reduce(0, +))
    #expect(graph.parameterCount == sum)
    #expect(graph.output?.shape == [256, 5, 5])
    let additions = graph.nodes.filter { $0.layer is Add }
    #expect(additions.map(\.name) == ["fire3/add", "fire5/add", "fire7/add"])
    #expect(additions.first?.inputs == ["fire2/relu", "fire3/bn"])
  }
}
