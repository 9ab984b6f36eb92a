using Cete.Hocon;

namespace Cete.Described;

/// <content>What records are searched by.</content>
public sealed partial class DescriptorReader
{
    /// <summary>
    /// The fields of <c>search</c>; where nothing is said, what a record is called and its other texts. Fields with a rule of their own are none: whoever
    /// may not read one would learn from what is found what stands in it.
    /// </summary>
    private static FieldDescriptor[] ReadSearch(Section section, List<FieldDescriptor> fields, FieldDescriptor? label)
    {
        if (!section.Has("search"))
        {
            var texts = fields.Where(field => field is { Type: FieldType.Text or FieldType.Markdown, IsHidden: false });
            return [.. texts.Prepend(label).OfType<FieldDescriptor>().Distinct().Where(IsSearched).Take(DescriptorLimits.SearchFieldsMax)];
        }

        if (section.Find("search") is not HoconArray { Count: <= DescriptorLimits.SearchFieldsMax } array)
        {
            section.Wrong(
                "search", $"is to be an array of names of fields, {DescriptorLimits.SearchFieldsMax} at most", "write search = [title, body]; [] for none");
            return [];
        }

        List<FieldDescriptor> searched = [];
        foreach (var item in array)
        {
            var name = (item as HoconScalar)?.Text ?? string.Empty;
            var field = fields.Find(each => each.Name == name);
            if (field is null || !FieldTypes.IsWords(field.Type))
            {
                section.Problems.Add(
                    item.Origin, section.PathOf("search"),
                    field is null ? $"there is no field '{Section.Show(name)}'" : $"'{name}' is {FieldTypes.NameOf(field.Type)}, which holds no words",
                    Nearest.Hint(name, [.. fields.Where(IsSearched).Select(each => each.Name)]));
            }
            else if (field.Read is not null)
            {
                section.Problems.Add(
                    item.Origin, section.PathOf("search"), $"'{name}' has a rule of its own: what is found would tell of it to those who may not read it",
                    "leave it out, or its rule 'read'");
            }
            else if (searched.Contains(field))
            {
                section.Problems.Add(item.Origin, section.PathOf("search"), $"'{name}' is named twice", "the first place counts");
            }
            else
            {
                searched.Add(field);
            }
        }

        return [.. searched];
    }

    private static bool IsSearched(FieldDescriptor field) => field.Read is null && FieldTypes.IsWords(field.Type);
}
