extension PersonLocale {
    static let britishEnglish = PersonLocale(
        maleNames: list(
            """
            Oliver, George, Harry, Jack, Jacob, Noah, Charlie, Muhammad, Thomas, Oscar, William, James, Leo, Alfie,
            Henry, Joshua, Freddie, Archie, Ethan, Isaac, Alexander, Joseph, Edward, Samuel, Max, Logan, Lucas,
            Daniel, Theo, Arthur, Mohammed, Harrison, Benjamin, Mason, Finley, Sebastian, Adam, Dylan, Zachary, Riley,
            Teddy, Theodore, David, Elijah, Jake, Toby, Louie, Reuben, Arlo, Hugo, Luca, Jaxon, Matthew, Harvey,
            Graham, Stuart, Callum, Gareth, Nigel, Ian, Keith, Trevor, Rhys, Ewan, Hamish
            """),
        femaleNames: list(
            """
            Olivia, Amelia, Isla, Emily, Ella, Lily, Ava, Mia, Grace, Sophia, Isabella, Evie, Poppy, Ruby, Charlotte,
            Jessica, Daisy, Sophie, Phoebe, Freya, Alice, Sienna, Florence, Evelyn, Millie, Rosie, Elsie, Ivy, Eva,
            Harper, Scarlett, Lucy, Matilda, Imogen, Chloe, Esme, Aria, Maisie, Willow, Elizabeth, Maya, Holly, Molly,
            Zara, Lola, Eleanor, Annabelle, Abigail, Georgia, Aisha, Fatima, Gillian, Hilary, Janice, Lesley, Maureen,
            Tracey, Nicola, Philippa, Rhiannon, Morag, Fiona, Heather, Bethan, Harriet
            """),
        lastNames: list(
            """
            Smith, Jones, Taylor, Brown, Williams, Wilson, Johnson, Davies, Patel, Robinson, Wright, Thompson, Evans,
            Walker, White, Roberts, Green, Hall, Thomas, Clarke, Jackson, Wood, Harris, Edwards, Turner, Martin,
            Cooper, Hill, Ward, Hughes, Moore, Clark, King, Harrison, Lewis, Baker, Lee, Allen, Morris, Khan, Scott,
            Watson, Davis, Parker, James, Bennett, Young, Phillips, Richardson, Mitchell, Bailey, Carter, Cook, Singh,
            Shaw, Bell, Collins, Morgan, Kelly, Begum, Miller, Cox, Hussain, Marshall, Simpson, Price, Anderson,
            Adams, Wilkinson, Foster, Ali, Campbell, Kaur, Murphy, Fraser, Macdonald, Stewart, Griffiths, Lloyd, Owen
            """),
        streets: list(
            """
            {last} Road, {last} Street, {last} Lane, {last} Close, {last} Drive, {last} Avenue, {last} Gardens, {last}
            Crescent, {first} Place, {first} Court, High Street, Station Road, Church Lane, Victoria Road, Green Lane,
            Manor Road, Park Road, Mill Lane, The Grove, Queens Road
            """),
        cities: list(
            """
            London, Birmingham, Leeds, Glasgow, Sheffield, Manchester, Edinburgh, Liverpool, Bristol, Cardiff,
            Belfast, Leicester, Wakefield, Coventry, Nottingham, Newcastle, Sunderland, Brighton, Hull, Plymouth,
            Wolverhampton, Stoke, Derby, Swansea, Southampton, Aberdeen, Portsmouth, York, Peterborough, Dundee,
            Lancaster, Oxford, Newport, Preston, Norwich, Chester, Cambridge, Salisbury, Exeter, Gloucester, Lisburn,
            Chichester, Winchester, Carlisle, Worcester, Bath, Durham, Lincoln, Hereford, Inverness, Stirling, Perth,
            Truro, Ely, Wells
            """),
        states: [], postcodes: ["@# #@@", "@## #@@", "@@# #@@", "@@## #@@"],
        phones: ["01%## ######", "020 #### ####", "+44 1%## ######", "07%## ######", "0161 ### ####"],
        countries: englishCountries, occupations: englishOccupations)
}
