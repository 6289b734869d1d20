import Foundation
import GraftTensors

/// A rectangle of a random area, shape and place: torchvision's `RandomResizedCrop.get_params`, whose first ten tries
/// that fit into the image are taken, and the largest rectangle in the middle where none does.
public struct RandomCrop: Hashable, Sendable, Codable {
  /// Its share of the photograph's area.
  public var area: ClosedRange<Double>
  /// Its width divided by its height, before it is resized to the view.
  public var aspect: ClosedRange<Double>

  /// - Parameter area: torchvision's own default begins at 0.08, for training from the ground up. What a pretrained
  ///   network is to tell apart is seldom on so small a part of a photograph.
  /// - Precondition: areas are more than 0 and at most 1, aspects are more than 0 and finite.
  public init(area: ClosedRange<Double> = 0.5...1, aspect: ClosedRange<Double> = 3.0 / 4...4.0 / 3) {
    precondition(area.lowerBound > 0 && area.upperBound <= 1, "crops of \(area) of an image")
    precondition(aspect.lowerBound > 0 && aspect.upperBound.isFinite, "crops \(aspect) times as wide as high")
    self.area = area
    self.aspect = aspect
  }
}

extension RandomCrop {
  func part(ofWidth width: Int, height: Int, using generator: inout SeededGenerator) -> PixelRectangle {
    let tries = 10
    for _ in 0..<tries {
      let target = Double(width * height) * uniform(area, &generator)
      let ratio = exp(uniform(log(aspect.lowerBound)...log(aspect.upperBound), &generator))
      let cut = (
        width: Int((target * ratio).squareRoot().rounded(.toNearestOrEven)),
        height: Int((target / ratio).squareRoot().rounded(.toNearestOrEven))
      )
      if (1...width).contains(cut.width), (1...height).contains(cut.height) {
        return PixelRectangle(
          left: .random(in: 0...width - cut.width, using: &generator),
          top: .random(in: 0...height - cut.height, using: &generator), width: cut.width, height: cut.height)
      }
    }
    return middle(ofWidth: width, height: height)
  }

  /// The largest part of an allowed shape, which images much longer than wide have instead.
  private func middle(ofWidth width: Int, height: Int) -> PixelRectangle {
    let ratio = min(max(Double(width) / Double(height), aspect.lowerBound), aspect.upperBound)
    let cutWidth = min(width, max(1, Int((Double(height) * ratio).rounded(.toNearestOrEven))))
    let cutHeight = min(height, max(1, Int((Double(width) / ratio).rounded(.toNearestOrEven))))
    return PixelRectangle(
      left: (width - cutWidth) / 2, top: (height - cutHeight) / 2, width: cutWidth, height: cutHeight)
  }

  private func uniform(_ range: ClosedRange<Double>, _ generator: inout SeededGenerator) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(generator.nextUniform())
  }
}
