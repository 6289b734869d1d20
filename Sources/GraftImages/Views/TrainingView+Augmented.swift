import GraftTensors

extension TrainingView {
  /// The view's pixels where they are warped or changed: one warp, or the resizing of the evaluation view where nothing but
  /// crops and flips move pixels; then colours, then defects.
  func augmented(_ image: RGBImage, by chance: ViewChance) throws(ImageError) -> RGBImage {
    let (viewWidth, viewHeight) = (Double(width), Double(height))
    let operations = augmentation.policy?.drawn(by: chance, width: viewWidth, height: viewHeight) ?? []
    let warps = operations.compactMap { if case .warp(let map) = $0 { map } else { nil } }
    let choice = choice(by: chance, width: image.width, height: image.height)
    var view: EditedImage
    if augmentation.warp.isActive || !warps.isEmpty {
      // Maps lead backwards, from the result to the photograph, so the last thing done is the first undone.
      var map = ProjectiveMap.identity
      for warp in warps.reversed() { map = map.followed(by: warp) }
      map = map.followed(by: augmentation.warp.drawn(by: chance, width: viewWidth, height: viewHeight))
      if choice.isUpsideDown { map = map.followed(by: ProjectiveMap([1, 0, 0, 0, -1, viewHeight, 0, 0, 1])) }
      if choice.isMirrored { map = map.followed(by: ProjectiveMap([-1, 0, viewWidth, 0, 1, 0, 0, 0, 1])) }
      map = map.followed(by: resizing(image, choice.part))
      view = EditedImage(
        try image.warped(
          by: map, width: width, height: height, antialiased: evaluation.resize == .shorterSideAndCrop))
    } else {
      view = EditedImage(try resized(image, choice.part))
      if choice.isMirrored { view.mirror() }
      if choice.isUpsideDown { view.turnUpsideDown() }
    }
    view.apply(
      operations.compactMap { if case .color(let step) = $0 { step } else { nil } }
        + augmentation.color.drawn(by: chance))
    try augmentation.defects.apply(to: &view, by: chance)
    return view.image
  }

  /// From points of the view to points of the photograph, without any augmentation but the crop.
  private func resizing(_ image: RGBImage, _ part: PixelRectangle?) -> ProjectiveMap {
    guard part == nil, evaluation.resize == .shorterSideAndCrop else {
      let part = part ?? PixelRectangle(left: 0, top: 0, width: image.width, height: image.height)
      return .scaling(Double(part.width) / Double(width), Double(part.height) / Double(height))
        .followed(by: .translation(Double(part.left), Double(part.top)))
    }
    let size = ResizedSize(of: image, covering: evaluation)
    return .translation(Double(size.left), Double(size.top))
      .followed(by: .scaling(Double(image.width) / Double(size.width), Double(image.height) / Double(size.height)))
  }

  /// The part of the photograph, or what the evaluation view shows, in whole levels.
  private func resized(_ image: RGBImage, _ part: PixelRectangle?) throws(ImageError) -> RGBImage {
    switch evaluation.resize {
    case .shorterSideAndCrop:
      guard let part else { return try evaluation.shorterSideAndCrop(of: image) }
      return try image.cropped(to: part).resizedAntialiased(width: width, height: height)
    case .squash:
      let values = try (part.map { image.cropped(to: $0) } ?? image).resizedLinearly(width: width, height: height)
      return RGBImage(width: width, height: height, pixels: values.map { UInt8(min(max($0, 0), 255) + 0.5) })
    }
  }
}
