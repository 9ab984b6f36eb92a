using Cete.Expressions;
using Cete.Hocon;

namespace Cete.Described;

/// <content>Prices.</content>
public sealed partial class DescriptorReader
{
    private const string PriceForm = "write price = \"2\", or price { credits = \"record.fine\", to = \"record.owner\", free = 3 }";

    /// <summary>What something costs: an expression, or an object with one; null where it costs nothing, or is wrong.</summary>
    private static PriceDescriptor? ReadPrice(Section section, ExpressionScope scope)
    {
        if (section.Find("price") is HoconScalar)
        {
            return ReadCredits(section, "price", scope) is { } alone ? new PriceDescriptor(alone) : null;
        }

        if (section.Below("price") is not { } price)
        {
            return null;
        }

        var credits = ReadCredits(price, "credits", scope);
        if (credits is null && !price.Has("credits"))
        {
            price.Wrong("credits", "is needed", PriceForm);
        }

        var (to, free) = (price.Expression("to", scope, ExpressionType.Text), price.Number("free", 0, PriceDescriptor.FreeMax));
        price.Close();
        return credits is null ? null : new PriceDescriptor(credits) { To = to, FreeADay = (int)(free ?? 0) };
    }

    private static Expression? ReadCredits(Section section, string key, ExpressionScope scope)
    {
        var credits = section.Expression(key, scope);
        if (credits is null || credits.Type is { Kind: ValueKind.Int or ValueKind.Decimal, Record: null })
        {
            return credits;
        }

        section.Wrong(key, $"comes to {credits.Type}, and a price is a number of credits", PriceForm);
        return null;
    }
}
