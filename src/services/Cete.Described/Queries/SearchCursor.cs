using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Cete.Core;

namespace Cete.Described;

/// <summary>
/// Where a page of a search ended. What was ranked for the first page is ranked for all: newer records are left out, so that they neither shift those that
/// come after them nor hide any.
/// </summary>
/// <param name="Search">Which search it is of, as a digest.</param>
/// <param name="Newest">No id above it is looked at.</param>
/// <param name="Low">All that match from here on are ranked; 0 for all there are.</param>
/// <param name="HeavyLow">Of those below, the ones are ranked from here on that have all words in the first field; 0 for all there are.</param>
/// <param name="Points">Of the last record; 0 where it is one of those that are not ranked.</param>
/// <param name="Id">Its id.</param>
internal sealed record SearchCursor(string Search, long Newest, long Low, long HeavyLow, long Points, long Id)
{
    private const string Mark = "search";
    private const int CharsMax = 400;

    /// <summary>What tells one search from another.</summary>
    public static string DigestOf(SearchTerms terms) => Hash256.Of(Encoding.UTF8.GetBytes(terms.Signature)).ToString()[..16];

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{Mark}\u001f{Search}\u001f{Newest}\u001f{Low}\u001f{HeavyLow}\u001f{Points}\u001f{Id}")));

    /// <summary>Reads one; null for the beginning, which is also where one leads that makes no sense or is of another search.</summary>
    public static SearchCursor? Read(string? cursor, SearchTerms terms)
    {
        if (string.IsNullOrEmpty(cursor) || cursor.Length > CharsMax || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('\u001f');
        if (parts.Length != 7 || parts[0] != Mark || parts[1] != DigestOf(terms))
        {
            return null;
        }

        var numbers = new long[5];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!long.TryParse(parts[i + 2], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }

        return new SearchCursor(parts[1], numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    }
}
