using Cete.App.Verbs.Open.Drawing;
using Cete.App.Verbs.Open.Running;

namespace Cete.Terminal.Tests;

/// <summary>What a terminal is told.</summary>
public sealed class PainterTests
{
    private static readonly Frame First = new([Line.Of("title", Look.Lead | Look.Bold), Line.Of("wrong", Look.Fault)], (1, 2));

    [Fact]
    public void Only_lines_that_changed_are_drawn()
    {
        var painter = new Painter(isColoured: true);
        Assert.Contains("title", painter.Paint(First), StringComparison.Ordinal);
        var second = painter.Paint(First with { Lines = [First.Lines[0], Line.Of("right")], Caret = null });
        Assert.DoesNotContain("title", second, StringComparison.Ordinal);
        Assert.Contains("\u001b[2;1H\u001b[0mright", second, StringComparison.Ordinal);
        painter.Forget();
        Assert.Contains("title", painter.Paint(First), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Colours_are_left_out_where_nobody_wants_them(bool isColoured)
    {
        var told = new Painter(isColoured).Paint(First);
        Assert.Equal(isColoured, told.Contains(";31m", StringComparison.Ordinal));
        Assert.Equal(isColoured, told.Contains(";36m", StringComparison.Ordinal));
        Assert.Contains("\u001b[2;3H\u001b[?25h", told, StringComparison.Ordinal);
    }
}
