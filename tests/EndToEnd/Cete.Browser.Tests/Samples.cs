using System.Buffers.Binary;

namespace Cete.Browser.Tests;

/// <summary>Media that a browser shows, simple enough to be written down here.</summary>
internal static class Samples
{
    private const int Rate = 44_100;
    private const int SampleSize = 4;

    /// <summary>A BMP of a gradient, 24 bits a pixel.</summary>
    public static byte[] Picture(int width, int height)
    {
        const int Header = 54;
        var stride = ((width * 3) + 3) / 4 * 4;
        var file = new byte[Header + (stride * height)];
        "BM"u8.CopyTo(file);
        Number(2, file.Length);
        Number(10, Header);
        Number(14, 40);
        Number(18, width);
        Number(22, height);
        Number(26, 1 | (24 << 16));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var pixel = Header + (y * stride) + (x * 3);
                (file[pixel], file[pixel + 1], file[pixel + 2]) = ((byte)(255 * y / height), (byte)(255 * x / width), 96);
            }
        }

        return file;

        void Number(int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(offset), value);
    }

    /// <summary>A WAV of stereo at CD quality: so large that a browser seeks in it by a range and not in what it has.</summary>
    public static byte[] Sound(int seconds)
    {
        const int Header = 44;
        var file = new byte[Header + (seconds * Rate * SampleSize)];
        "RIFF"u8.CopyTo(file);
        Number(4, file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        Number(16, 16);
        Number(20, 1 | (2 << 16));
        Number(24, Rate);
        Number(28, Rate * SampleSize);
        Number(32, SampleSize | (16 << 16));
        "data"u8.CopyTo(file.AsSpan(36));
        Number(40, file.Length - Header);
        for (var i = Header; i < file.Length; i += SampleSize)
        {
            // A quiet saw of 100 Hz; both sides are the same.
            var sample = (short)((i / SampleSize % 441 * 4) - 882);
            Number(i, (ushort)sample | (sample << 16));
        }

        return file;

        void Number(int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(offset), value);
    }
}
