/// What chance may do to a photograph before a network learns from it.
///
/// Whatever is drawn, it is applied in this order: one warp that holds the crop, the flips, `warp` and the policy's geometry;
/// then the policy's colours, `color` and `defects`. Without any but crop and flips there is no warp: the part is resized as
/// the evaluation view resizes.
public struct Augmentation: Hashable, Sendable {
  /// A part of the photograph instead of the whole; nil where each training view is the evaluation view.
  public var crop: RandomCrop?
  /// Whether half of the views are mirrored, left for right.
  public var flips: Bool
  /// Whether half of the views are upside down (mirrored, top for bottom).
  public var verticalFlips: Bool
  public var warp: RandomWarp
  public var color: RandomColor
  public var defects: RandomDefects
  public var policy: AugmentationPolicy?
  /// What is done to whole batches; views of single photographs know nothing of it.
  public var mixing: ImageMixing?

  public init(
    crop: RandomCrop? = RandomCrop(), flips: Bool = true, verticalFlips: Bool = false, warp: RandomWarp = RandomWarp(),
    color: RandomColor = RandomColor(), defects: RandomDefects = RandomDefects(), policy: AugmentationPolicy? = nil,
    mixing: ImageMixing? = nil
  ) {
    self.crop = crop
    self.flips = flips
    self.verticalFlips = verticalFlips
    self.warp = warp
    self.color = color
    self.defects = defects
    self.policy = policy
    self.mixing = mixing
  }

  /// What does nothing.
  public static let none = Augmentation(crop: nil, flips: false)

  /// Whether views show pixels of the photograph as they are, resized, and nothing is computed from them.
  var onlyCropsAndFlips: Bool {
    !warp.isActive && !color.isActive && !defects.isActive && policy == nil
  }
}

extension Augmentation: Codable {
  private enum CodingKeys: String, CodingKey {
    case crop, flips, verticalFlips, warp, color, defects, policy, mixing
  }

  /// Reads what older versions wrote, too: they knew `crop` and `flips` alone.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      crop: try values.decodeIfPresent(RandomCrop.self, forKey: .crop),
      flips: try values.decode(Bool.self, forKey: .flips),
      verticalFlips: try values.decodeIfPresent(Bool.self, forKey: .verticalFlips) ?? false,
      warp: try values.decodeIfPresent(RandomWarp.self, forKey: .warp) ?? RandomWarp(),
      color: try values.decodeIfPresent(RandomColor.self, forKey: .color) ?? RandomColor(),
      defects: try values.decodeIfPresent(RandomDefects.self, forKey: .defects) ?? RandomDefects(),
      policy: try values.decodeIfPresent(AugmentationPolicy.self, forKey: .policy),
      mixing: try values.decodeIfPresent(ImageMixing.self, forKey: .mixing))
    // Plans are files that people write: their numbers must be within what the words allow.
    do {
      _ = try Self.parse("\(self)")
    } catch {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: error.description, underlyingError: error))
    }
  }

  /// What is not used is not written, so that crops and flips alone keep the form, and activations the key, that they had.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encodeIfPresent(crop, forKey: .crop)
    try values.encode(flips, forKey: .flips)
    if verticalFlips { try values.encode(true, forKey: .verticalFlips) }
    if warp.isActive { try values.encode(warp, forKey: .warp) }
    if color.isActive { try values.encode(color, forKey: .color) }
    if defects.isActive { try values.encode(defects, forKey: .defects) }
    try values.encodeIfPresent(policy, forKey: .policy)
    try values.encodeIfPresent(mixing, forKey: .mixing)
  }
}
