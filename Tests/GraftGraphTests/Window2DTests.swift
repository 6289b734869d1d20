import GraftGraph
import Testing

@Suite struct Window2DTests {
  @Test func `same padding puts the odd pixel at the bottom and right`() {
    let window = Window2D(size: 3, strides: 2, padding: .same)
    let even = window.margins(for: 8)
    #expect((even.top, even.bottom, even.left, even.right) == (0, 1, 0, 1))
    let odd = window.margins(for: 9)
    #expect((odd.top, odd.bottom, odd.left, odd.right) == (1, 1, 1, 1))
    #expect(window.outputSize(for: 8) == 4)
    #expect(window.outputSize(for: 9) == 5)
  }

  @Test func `same padding accounts for dilation and for strides beyond the window`() {
    let dilated = Window2D(size: 3, dilation: 2, padding: .same).margins(for: 10)
    #expect((dilated.top, dilated.bottom) == (2, 2))
    let sparse = Window2D(size: 1, strides: 2, padding: .same).margins(for: 7)
    #expect((sparse.top, sparse.bottom) == (0, 0))
  }

  @Test func `rounded up, a last window counts if it begins within the input or the padding before it`() {
    #expect(Window2D(size: 3, strides: 2).outputSize(for: 6) == 2)
    #expect(Window2D(size: 3, strides: 2, rounding: .up).outputSize(for: 6) == 3)
    #expect(Window2D(size: 3, strides: 2, rounding: .up).outputSize(for: 7) == 3)
    // The third window would begin at row 6, after 1 row of padding and 5 of the input.
    #expect(Window2D(size: 3, strides: 3, padding: .all(1), rounding: .up).outputSize(for: 5) == 2)
  }

  @Test func `a window larger than its padded input has no output`() {
    #expect(Window2D(size: 7).outputSize(for: 6) == nil)
    #expect(Window2D(size: 7, padding: .all(1)).outputSize(for: 5) == 1)
  }
}
