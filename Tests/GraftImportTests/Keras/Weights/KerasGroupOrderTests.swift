import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

/// Which tensor of a nested model's group is whose.
@Suite struct KerasGroupOrderTests {
  /// A convolution without bias and a normalisation, of 2 channels.
  private func layer(_ name: String, _ roles: [ParameterSpecification.Role], trains: Bool = true) -> KerasWeightedLayer
  {
    KerasWeightedLayer(
      path: ["model", name], className: "", isTrainable: trains,
      slots: roles.map { role in
        let shape: Shape = role == .kernel ? [2, 2, 1, 1] : [2]
        return KerasWeightSlot(
          .parameter(.init(layer: name, role: role, shape: shape, initializer: .zeros)),
          layout: role == .kernel ? .convolution : .same)
      })
  }

  private let normalization: [ParameterSpecification.Role] = [.gamma, .beta, .movingMean, .movingVariance]

  /// Tensors of the given names, each holding its place.
  private func group(_ names: [String]) -> KerasWeights.Layer {
    KerasWeights.Layer(
      name: "model",
      weights: names.enumerated().map { number, name in
        let isKernel = name.contains("kernel") || name.hasPrefix("k")
        return (
          name,
          Tensor([Float](repeating: Float(number), count: isKernel ? 4 : 2), shape: isKernel ? [1, 1, 2, 2] : [2])
        )
      })
  }

  /// For each layer its tensors' places in the group.
  private func places(_ layers: [KerasWeightedLayer], _ names: [String]) -> [[Int]]? {
    KerasGroupOrder(layers: layers, group: group(names)).assignments()?.map { $0.map { Int($0.tensor.floats[0]) } }
  }

  @Test func `names that tell layer and role win over any order`() {
    let layers = [layer("bn", normalization), layer("conv", [.kernel]), layer("inner/conv", [.kernel])]
    let names = [
      "outer/inner/conv/kernel:0", "bn/moving_variance:0", "bn/moving_mean:0", "outer/conv/kernel:0", "bn/beta:0",
      "bn/gamma:0",
    ]
    #expect(places(layers, names) == [[5, 4, 2, 1], [3], [0]])
    #expect(places([layer("conv_1", [.kernel])], ["conv_1_kernel"]) == [[0]])
  }

  @Test func `without telling names all trainable tensors come first`() {
    let layers = [layer("bn", normalization), layer("conv", [.kernel])]
    #expect(places(layers, ["a", "b", "k", "c", "d"]) == [[0, 1, 3, 4], [2]])
  }

  @Test func `a frozen layer's tensors all count as not trainable`() {
    let layers = [layer("bn", normalization, trains: false), layer("conv", [.kernel])]
    #expect(places(layers, ["k", "a", "b", "c", "d"]) == [[1, 2, 3, 4], [0]])
  }

  @Test func `files that list layer by layer are read so`() {
    let layers = [layer("bn", normalization), layer("conv", [.kernel])]
    #expect(places(layers, ["a", "b", "c", "d", "k"]) == [[0, 1, 2, 3], [4]])
  }

  @Test func `roles that names tell must agree with the order`() {
    let layers = [layer("bn", normalization), layer("other", normalization)]
    // Layer by layer, as the roles say; the trainable ones first would fit the shapes as well.
    let names = ["x/gamma:0", "x/beta:0", "x/moving_mean:0", "x/moving_variance:0"].flatMap { [$0] }
    #expect(places(layers, names + names.map { $0.replacing("x/", with: "y/") }) == [[0, 1, 2, 3], [4, 5, 6, 7]])
  }

  @Test func `what fits no order is nothing`() {
    #expect(places([layer("bn", normalization)], ["a", "b", "c"]) == nil)
    #expect(places([layer("conv", [.kernel])], ["a"]) == nil)
  }
}
