using System.Globalization;
using System.Text;
using QRCoder;

namespace Cete.Web.Pages.Accounts;

/// <summary>A QR code (ISO/IEC 18004) as the path of a drawing, one unit a module, with the quiet zone around it that scanners need.</summary>
/// <param name="Size">Modules of a side, quiet zone included.</param>
/// <param name="Data">The dark ones.</param>
internal sealed record QrPath(int Size, string Data)
{
    /// <summary>Draws a text.</summary>
    public static QrPath Of(string text)
    {
        // A screen loses nothing, but a camera is held at an angle.
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = code.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows.Count; x++)
            {
                var start = x;
                while (x < rows.Count && rows[y][x])
                {
                    x++;
                }

                if (x > start)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{start} {y}h{x - start}v1h-{x - start}z");
                }
            }
        }

        return new QrPath(rows.Count, path.ToString());
    }
}
