import Foundation
import GraftTensors

/// How far a view may be turned, resized, moved and bent; each a limit, within which chance draws evenly to both sides.
///
/// The order is that of torchvision's `RandomAffine` (shear, zoom and turn about the centre, then the shift), and then the
/// perspective of its `RandomPerspective`. Where a view looks beyond the photograph, it sees it mirrored at the edge.
public struct RandomWarp: Hashable, Sendable, Codable {
  /// Degrees, to the left or the right.
  public var rotation: Double
  /// By how much larger, as a share: 0.1 is 1/1.1 to 1.1 times as large, evenly by the logarithm.
  public var zoom: Double
  /// Shares of the view's width and height.
  public var shift: Double
  /// Degrees by which upright lines may lean.
  public var shear: Double
  /// How far each corner may come in, as a share of half the width and height; less than 1, where a view folds up.
  public var perspective: Double

  public init(
    rotation: Double = 0, zoom: Double = 0, shift: Double = 0, shear: Double = 0, perspective: Double = 0
  ) {
    self.rotation = rotation
    self.zoom = zoom
    self.shift = shift
    self.shear = shear
    self.perspective = perspective
  }

  var isActive: Bool { self != RandomWarp() }
}

extension RandomWarp {
  /// Where each point of a view of that size lies before the warp.
  func drawn(by chance: ViewChance, width: Double, height: Double) -> ProjectiveMap {
    let moved = ProjectiveMap.affine(
      rotation: chance.evenly(.rotation, rotation), zoom: chance.zoom(zoom),
      shearX: chance.evenly(.shear, shear), centre: (width / 2, height / 2),
      shift: (chance.evenly(.shiftX, shift) * width, chance.evenly(.shiftY, shift) * height))
    guard perspective > 0 else { return moved }
    var generator = chance.generator(.perspective)
    // How far in from its own corner each one comes, clockwise from the top left.
    let inward = (0..<4).map { _ in
      (x: generator.uniform(0...perspective) * width / 2, y: generator.uniform(0...perspective) * height / 2)
    }
    let corners = [
      (x: inward[0].x, y: inward[0].y), (x: width - inward[1].x, y: inward[1].y),
      (x: width - inward[2].x, y: height - inward[2].y), (x: inward[3].x, y: height - inward[3].y),
    ]
    let bent = ProjectiveMap.scaling(1 / width, 1 / height).followed(by: .unitSquare(onto: corners)).inverted
    // The perspective comes last, so it is undone first.
    return bent.followed(by: moved)
  }
}

extension ViewChance {
  fileprivate func zoom(_ share: Double) -> Double { exp(evenly(.zoom, log(1 + share))) }

  /// From −limit to limit; 0 without a limit.
  fileprivate func evenly(_ decision: Decision, _ limit: Double) -> Double {
    guard limit > 0 else { return 0 }
    var generator = generator(decision)
    return generator.uniform(-limit...limit)
  }
}
