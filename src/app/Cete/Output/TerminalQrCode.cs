using QRCoder;
using QRCoder.Exceptions;

namespace Cete.App.Output;

/// <summary>Draws QR codes (ISO/IEC 18004) in half-block characters, two rows of modules to a line, with the quiet zone around it that scanners need.</summary>
internal static class TerminalQrCode
{
    /// <summary>
    /// As wide as the code has modules, about 65 characters for the link of a token: a terminal that is narrower shows nothing that can be scanned.
    /// Null when no code holds the text.
    /// </summary>
    /// <param name="text">The text; capitals and digits take the least room, and a link bears capitals.</param>
    /// <param name="onLight">Whether the terminal shows dark letters on light.</param>
    public static string? Draw(string text, bool onLight)
    {
        try
        {
            // A screen loses nothing, so the weakest correction will do, and the code stays small.
            using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
            using var drawing = new AsciiQRCode(data);
            return drawing.GetGraphicSmall(drawQuietZones: true, invert: onLight, endOfLine: "\n");
        }
        catch (DataTooLongException)
        {
            return null;
        }
    }
}
