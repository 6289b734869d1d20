import CImaging

extension RGBImage {
  /// Bilinear with antialiasing, 8-bit: Pillow's and torchvision's `BILINEAR` within 2 levels, away from the borders.
  ///
  /// At a border stb repeats the last pixel where Pillow leaves the missing ones out of the mean, which differs in the
  /// outermost row and column of the result.
  public func resizedAntialiased(width newWidth: Int, height newHeight: Int) throws(ImageError) -> RGBImage {
    try resizedAntialiased(
      width: newWidth, height: newHeight, part: PixelRectangle(left: 0, top: 0, width: newWidth, height: newHeight))
  }

  /// The image with its proportions, the longer side no longer than `side` pixels; itself where it is no larger.
  public func reduced(toSide side: Int) throws(ImageError) -> RGBImage {
    let longer = max(width, height)
    if longer <= side { return self }
    func scaled(_ length: Int) -> Int { max(1, (length * side + longer / 2) / longer) }
    return try resizedAntialiased(width: scaled(width), height: scaled(height))
  }

  /// A part of the whole resized image: the same pixels, without the work for the others.
  ///
  /// - Precondition: the part lies within `newWidth × newHeight`.
  func resizedAntialiased(
    width newWidth: Int, height newHeight: Int, part: PixelRectangle
  ) throws(ImageError) -> RGBImage {
    precondition(
      part.left >= 0 && part.top >= 0 && part.width > 0 && part.height > 0
        && part.left + part.width <= newWidth && part.top + part.height <= newHeight,
      "a part \(part) of \(newWidth) × \(newHeight) pixels")
    if newWidth == width, newHeight == height { return cropped(to: part) }
    try ImageError.checkEnlarged(width: newWidth, height: newHeight)
    var status = IMAGING_DAMAGED
    let byteCount = part.width * part.height * 3
    let resized = [UInt8](unsafeUninitializedCapacity: byteCount) { target, count in
      guard let start = target.baseAddress else { return }
      start.initialize(repeating: 0, count: byteCount)
      status = pixels.withUnsafeBufferPointer {
        imaging_resize_antialiased(
          $0.baseAddress, Int32(width), Int32(height), Int32(newWidth), Int32(newHeight), part.onImaging, start)
      }
      count = byteCount
    }
    guard status == IMAGING_READ else { throw .outOfMemoryResizing(width: newWidth, height: newHeight) }
    return RGBImage(width: part.width, height: part.height, pixels: resized)
  }

  /// Bilinear with half-pixel centres, without antialiasing or rounding: float32 0…255, `newHeight × newWidth × 3`.
  func resizedLinearly(width newWidth: Int, height newHeight: Int) throws(ImageError) -> [Float] {
    try ImageError.checkEnlarged(width: newWidth, height: newHeight)
    var status = IMAGING_DAMAGED
    let elementCount = newWidth * newHeight * 3
    let resized = [Float](unsafeUninitializedCapacity: elementCount) { target, count in
      guard let start = target.baseAddress else { return }
      start.initialize(repeating: 0, count: elementCount)
      status = pixels.withUnsafeBufferPointer {
        imaging_resize_linear($0.baseAddress, Int32(width), Int32(height), start, Int32(newWidth), Int32(newHeight))
      }
      count = elementCount
    }
    guard status == IMAGING_READ else { throw .outOfMemoryResizing(width: newWidth, height: newHeight) }
    return resized
  }
}

extension PixelRectangle {
  var onImaging: imaging_region {
    imaging_region(left: Int32(left), top: Int32(top), width: Int32(width), height: Int32(height))
  }
}

extension ImageError {
  /// A strip of 1 × 30,000 pixels, enlarged until its shorter side suffices, would fill the memory.
  static func checkEnlarged(width: Int, height: Int) throws(ImageError) {
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, count <= ImageDecoder.pixelLimit, width > 0, height > 0 else {
      throw .tooNarrow(width: width, height: height)
    }
  }
}
